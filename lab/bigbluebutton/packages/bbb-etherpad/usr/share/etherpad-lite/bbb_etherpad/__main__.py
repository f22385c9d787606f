"""Starts Etherpad. The origins of cluster proxies are read once; a file that is not JSON ends it."""

import json
import os

from bbb_common.places import place
from bbb_common.service import Handler, fail, serve

CONFIG = place("/etc/bigbluebutton/etherpad.json")


def cluster_proxies():
    """Origins (scheme and host, no slash) that may read pads besides this server's own pages."""
    if not os.path.exists(CONFIG):
        return []
    try:
        with open(CONFIG, encoding="utf-8") as file:
            return json.load(file).get("cluster_proxies", [])
    except (OSError, ValueError, AttributeError) as error:
        fail(f"{CONFIG}: {error}")


class EtherpadHandler(Handler):
    """A request; pages of the origins in `proxies` may read the reply."""

    proxies = ()

    def do_GET(self):
        origin = self.headers.get("Origin")
        cors = []
        if origin in self.proxies:
            cors = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
        self.answer(200, "<!doctype html><title>Notes</title><p>Shared notes</p>", "text/html", cors)


serve("127.0.0.1", 9001, EtherpadHandler, proxies=cluster_proxies())
