"""Starts the signalling port, which answers pings; a broken configuration ends it."""

import json

from bbb_common import settings, websocket
from bbb_common.places import place
from bbb_common.service import Handler, fail, serve

DEFAULTS = place("/usr/local/bigbluebutton/bbb-webrtc-sfu/config/default.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-webrtc-sfu/production.yml")


class SfuHandler(Handler):
    def do_GET(self):
        if websocket.wanted(self):
            connection = websocket.accept(self)
            for text in connection.messages():
                if json.loads(text).get("id") == "ping":
                    connection.send(json.dumps({"id": "pong"}))


def main():
    try:
        config = settings.merged(settings.load(DEFAULTS), settings.load(OVERRIDE))
        address = (config["clientHost"], int(config["clientPort"]))
    except (ValueError, KeyError, TypeError) as error:
        fail(f"configuration: {error}")
    serve(*address, SfuHandler)


main()
