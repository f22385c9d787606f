"""Where the client's server is, as Meteor's environment and the settings say it."""

import json
import sys
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bbb_common import settings
from bbb_common.places import place

ASSETS = place("/usr/share/meteor/bundle/programs/server/assets/app")
OVERRIDE = place("/etc/bigbluebutton/bbb-html5.yml")


@dataclass(frozen=True)
class Site:
    """`prefix` is the path of ROOT_URL, without a slash at its end; `connection` is where the page's websocket goes."""

    root_url: str
    prefix: str
    connection: str
    public: dict

    @classmethod
    def load(cls, environment):
        """From the environment and the settings; a broken override counts as empty."""
        defaults = settings.load(f"{ASSETS}/config/settings.yml")
        try:
            override = settings.load(OVERRIDE)
        except ValueError as error:
            print(f"Error while loading local settings: {error}", file=sys.stderr, flush=True)
            override = {}
        root = environment["ROOT_URL"]
        connection = environment.get("DDP_DEFAULT_CONNECTION_URL", "")
        public = settings.merged(defaults, override)["public"]
        return cls(root, urlsplit(root).path.rstrip("/"), connection, public)

    def main_page(self):
        """The client's page; without DDP_DEFAULT_CONNECTION_URL it connects to where it came from."""
        config = {
            "ROOT_URL": self.root_url,
            "ROOT_URL_PATH_PREFIX": self.prefix,
            "DDP_DEFAULT_CONNECTION_URL": self.connection or self.prefix,
            "PUBLIC_SETTINGS": self.public,
        }
        return (
            _asset("main.html").replace("@PREFIX@", self.prefix).replace("@RUNTIME_CONFIG@", quote(json.dumps(config)))
        )

    def identity(self):
        """What frontends and backends must agree on."""
        return {"ROOT_URL": self.root_url, "DDP_DEFAULT_CONNECTION_URL": self.connection}


def guest_page():
    """The page of the guest lobby."""
    return _asset("guest-wait.html")


def _asset(name):
    with open(f"{ASSETS}/{name}", encoding="utf-8") as file:
        return file.read()
