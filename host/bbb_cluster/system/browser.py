"""HTTP from page to page, as a browser goes: with what it was given on the way."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import curl
from .curl import Answer


@contextmanager
def browse(seconds: int = 30) -> Iterator[Browser]:
    """A browser whose cookies are gone in the end."""
    with tempfile.NamedTemporaryFile() as jar:
        yield Browser(jar.name, seconds)


@dataclass(frozen=True)
class Browser:
    """No address is seen in a list of processes: some let people in."""

    jar: str
    seconds: int

    def go(self, url: str) -> Answer:
        """Follows redirects; `url` of the headers is where that ended. Never raises."""
        options = ["--location", "--max-redirs", "8", "--write-out", "\n%{http_code} %{url_effective}"]
        result = curl.unseen([("url", url)], [*options, "--cookie", self.jar, "--cookie-jar", self.jar], self.seconds)
        body, _, last = result.out.rpartition("\n")
        status, _, place = last.strip().partition(" ")
        if result.status != 0 or not status.isdigit():
            return curl.none(result)
        return Answer(int(status), body, f"HTTP status {status}", {"url": place})

    def cookies(self, name: str) -> dict[str, str]:
        """The cookies of a name: which host gave which value."""
        with open(self.jar, encoding="utf-8") as file:
            # Python's own reader takes cookies that no script may see for comments before 3.10.
            rows = [re.sub("^#HttpOnly_", "", line.rstrip("\n")).split("\t") for line in file]
        return {row[0]: row[6] for row in rows if len(row) == 7 and row[5] == name}
