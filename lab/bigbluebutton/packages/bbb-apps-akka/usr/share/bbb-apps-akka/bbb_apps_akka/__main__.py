"""Reads the client's settings and hands them to the GraphQL server, by a file where the real one uses the database."""

import json
import os
import signal
import sys

from bbb_common import settings
from bbb_common.places import place
from bbb_common.service import fail

DEFAULTS = place("/usr/share/bigbluebutton/html5-client/private/config/settings.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-html5.yml")
PUBLISHED = place("/run/bbb-apps-akka/client-settings.json")


def client_settings():
    """The defaults with the override laid over them; a broken override counts as empty, as in the real server."""
    try:
        defaults = settings.load(DEFAULTS)
    except ValueError as error:
        fail(error)
    if not defaults:
        fail(f"{DEFAULTS} is missing")
    try:
        override = settings.load(OVERRIDE)
    except ValueError as error:
        print(f"Error while fetching client override Settings: {error}", file=sys.stderr, flush=True)
        override = {}
    return settings.merged(defaults, override)


def main():
    temporary = f"{PUBLISHED}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(client_settings()["public"], file, default=str)
    os.replace(temporary, PUBLISHED)
    signal.pause()


main()
