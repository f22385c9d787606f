"""Starts Etherpad. The origins of cluster proxies are read once; a file that is not JSON ends it."""

import json
import os
from urllib.parse import urlsplit

from bbb_common.places import place
from bbb_common.service import Handler, fail, serve

CONFIG = place("/etc/bigbluebutton/etherpad.json")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Notes</title>
<textarea aria-label="Notes" rows="20" cols="40">Shared notes</textarea>
</html>
"""


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
    """A request; only this server's own pages and those of the origins in `proxies` may read the reply or frame it."""

    proxies = ()

    def do_GET(self):
        origin = self.headers.get("Origin")
        if origin and origin not in self.proxies and urlsplit(origin).netloc != self.headers.get("Host"):
            return self.answer(403, "origin not allowed")
        headers = [("Content-Security-Policy", " ".join(["frame-ancestors 'self'", *self.proxies]))]
        if origin in self.proxies:
            headers += [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
        return self.answer(200, PAGE, "text/html", headers)


serve("127.0.0.1", 9001, EtherpadHandler, proxies=cluster_proxies())
