"""Answers hooks/create, hooks/destroy and hooks/list, with bbb-web's secret."""

import hashlib
import os
import re
from urllib.parse import parse_qsl, urlsplit

from bbb_common import properties
from bbb_common.places import place
from bbb_common.service import Handler, serve

from bbb_webhooks.hooks import Hooks, failure

PACKAGED = place("/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties")
OVERRIDE = place("/etc/bigbluebutton/bbb-web.properties")
PREFIX = "/bigbluebutton/api/"
PORT = int(os.environ.get("SERVER_PORT", "3005"))
_CHECKSUM = re.compile(r"(?:^|&)checksum=([^&]*)")
_ALGORITHMS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


def secret():
    """The secret in force, as bbb-conf --secret shows it."""
    values = {}
    for path in (PACKAGED, OVERRIDE):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                values.update(properties.parse(file.read()))
    return values.get("securitySalt", "")


class HooksHandler(Handler):
    """A request; `hooks` are all that are registered."""

    hooks = None

    def do_GET(self):
        url = urlsplit(self.path)
        calls = {"hooks/create": self.hooks.create, "hooks/destroy": self.hooks.destroy, "hooks/list": self.hooks.list}
        call = url.path.removeprefix(PREFIX)
        if call not in calls:
            return self.answer(404, f"Cannot {self.command} {url.path}")
        if not self.signed(call, url.query):
            text = failure("checksumError", "You did not pass the checksum security check.")
        else:
            text = calls[call](dict(parse_qsl(url.query, keep_blank_values=True)))
        return self.answer(200, text, "text/xml")

    do_POST = do_GET

    def signed(self, call, query):
        """Whether the query carries the right checksum, by the algorithm that its length tells."""
        match = _CHECKSUM.search(query)
        algorithm = _ALGORITHMS.get(len(match[1])) if match else None
        if algorithm is None:
            return False
        rest = _CHECKSUM.sub("", query).removeprefix("&")
        return hashlib.new(algorithm, (call + rest + secret()).encode()).hexdigest() == match[1].lower()


serve("127.0.0.1", PORT, HooksHandler, hooks=Hooks())
