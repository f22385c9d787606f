"""Reads the client's settings and hands them to the GraphQL server, by a file where the real one uses the database."""

import json
import os
import signal

from bbb_common.places import place
from bbb_common.service import fail, ready

from bbb_apps_akka import client_settings

DEFAULTS = place("/usr/share/bigbluebutton/html5-client/private/config/settings.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-html5.yml")
PUBLISHED = place("/run/bbb-apps-akka/client-settings.json")


def main():
    try:
        settings = client_settings.load(DEFAULTS, OVERRIDE)
    except ValueError as error:
        fail(error)
    temporary = f"{PUBLISHED}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump({"public": settings["public"]}, file, default=str)
    os.replace(temporary, PUBLISHED)
    ready()
    signal.pause()


main()
