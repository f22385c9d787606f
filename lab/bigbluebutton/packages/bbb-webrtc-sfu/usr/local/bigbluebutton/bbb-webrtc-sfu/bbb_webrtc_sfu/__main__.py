"""Starts the signalling port; a broken configuration ends it."""

from bbb_common import settings
from bbb_common.places import place
from bbb_common.service import Handler, fail, serve

DEFAULTS = place("/usr/local/bigbluebutton/bbb-webrtc-sfu/config/default.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-webrtc-sfu/production.yml")


class SfuHandler(Handler):
    def do_GET(self):
        self.answer(426, "Upgrade Required", headers=[("Upgrade", "websocket")])


def main():
    try:
        config = settings.merged(settings.load(DEFAULTS), settings.load(OVERRIDE))
        address = (config["clientHost"], int(config["clientPort"]))
    except (ValueError, KeyError, TypeError) as error:
        fail(f"configuration: {error}")
    serve(*address, SfuHandler)


main()
