"""
The calls of Scalelite's HTTP API (blindsidenetworks/scalelite at 7498a81dc8: app/controllers/concerns/api_helper.rb for
the checksum, app/controllers/application_controller.rb for errors).
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree

from ..system import curl
from ..system.checksum import checksum
from ..system.failure import Failure
from ..system.progress import clean, hide
from .balancer import Format, Refused


class Rejected(Refused):
    """An answer with an error in it, and its HTTP status."""

    def __init__(self, text: str, status: int):
        super().__init__(text)
        self.status = status


class Api:
    """Scalelite's own part of its API; the secret is kept out of everything that is reported."""

    def __init__(self, url: str, secret: str):
        hide(secret)
        self._url, self._secret = url, secret

    def call(self, action: str, body: dict | None = None, seconds: int = 30) -> object:
        """
        What an action answers: posted with a body, got without one. The checksum covers the query alone, of which there
        is none. Rejected when Scalelite says no, Failure when nobody knows what has happened.
        """
        answer = curl.send(f"{self._url}/scalelite/api/{action}?checksum={self._checksum(action)}", body, seconds)
        if answer.status == 0:
            raise Failure(
                f"Scalelite at {self._url} does not answer {action}: {answer.reason}; look whether it runs, and at the "
                "way there from the proxy, then run again"
            )
        if 300 <= answer.status < 400:
            raise Rejected(self._elsewhere(answer.headers.get("location", "")), answer.status)
        try:
            content = json.loads(answer.body)
        except ValueError:
            raise self._no_json(action, answer) from None
        if 200 <= answer.status < 300:
            return content
        error = content.get("error") if isinstance(content, dict) else None
        why = clean(str(error or answer.reason))
        raise Rejected(f"Scalelite at {self._url} refuses {action}: {why}; look at its log", answer.status)

    def recordings(self, records: list[str]) -> set[Format]:
        """The formats of recordings that a frontend would be told of, whatever their state."""
        query = urlencode({"recordID": ",".join(records), "state": "any"})
        signed = f"{query}&checksum={self._checksum('getRecordings', query)}"
        answer = curl.send(f"{self._url}/bigbluebutton/api/getRecordings?{signed}", None, 60)
        try:
            response = ElementTree.fromstring(answer.body)
        except ElementTree.ParseError:
            response = ElementTree.Element("none")
        if answer.status != 200 or response.findtext("returncode") != "SUCCESS":
            why = response.findtext("messageKey") or answer.reason
            raise Failure(
                f"Scalelite at {self._url} does not say which recordings it has: {clean(why)}; look whether it runs, "
                "then run again"
            )
        return {
            (each.findtext("recordID") or "", name.text or "")
            for each in response.iterfind("recordings/recording")
            for name in each.iterfind("playback/format/type")
        }

    def _checksum(self, action: str, query: str = "") -> str:
        found = checksum(action, query, self._secret)
        hide(found)
        return found

    def _elsewhere(self, location: str) -> str:
        place = re.match(r"https?://[\w.:\[\]-]+", location)
        return (
            f"Scalelite at {self._url} sends us to {place.group() if place else 'another place'}: "
            "set `loadBalancer.url` to where it is"
        )

    def _no_json(self, action: str, answer: curl.Answer) -> Failure:
        """Its own errors are XML, with HTTP status 200."""
        key = re.search(r"<messageKey>([^<]*)</messageKey>", answer.body)
        if key and key.group(1) == "checksumError":
            return Rejected(
                f"Scalelite at {self._url} does not take our secret: set `loadBalancerSecret` to its "
                "LOADBALANCER_SECRET (and its LOADBALANCER_CHECKSUM_ALGORITHM must not leave out SHA256)",
                403,
            )
        if key and key.group(1) == "unsupportedRequest":
            return Rejected(f"Scalelite at {self._url} does not know {action}: it has to be 1.5.1 or newer", 501)
        said = f"{clean(key.group(1))}" if key else f"something else than JSON, {answer.reason}"
        # From a proxy in front of it, which may have passed the call on.
        return Failure(f"Scalelite at {self._url} answers {action} with {said}; look at its log, then run again")
