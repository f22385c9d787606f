"""BigBlueButton's API on this machine: where it is, its secret, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree import ElementTree

from ..settings.properties import value_of
from ..system import curl, files, processes, progress
from ..system.checksum import ALGORITHM, checksum
from ..system.failure import Failure
from ..system.progress import report
from ..system.waiting import wait_while

PROPERTIES = "/etc/bigbluebutton/bbb-web.properties"
URL = "https://127.0.0.1/bigbluebutton/api"
START_SECONDS = 300
PAUSE_SECONDS = 0.5
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:(\d+)|x([0-9a-fA-F]+));")
ALGORITHMS = (ALGORITHM, "sha512", "sha1")


@dataclass(frozen=True)
class Credentials:
    """What a frontend needs to use the API."""

    url: str
    secret: str


def credentials() -> Credentials:
    """URL and secret as `bbb-conf --secret` tells them; the secret is kept out of everything that is reported."""
    shown = processes.run(["bbb-conf", "--secret"], 120)
    secret = re.search(r"^\s*Secret:\s*(\S+)", shown.out, re.MULTILINE)
    url = re.search(r"^\s*URL:\s*(\S+)", shown.out, re.MULTILINE)
    if shown.status != 0 or not secret or not url:
        raise Failure("`bbb-conf --secret` does not say URL and secret: BigBlueButton is not fully installed")
    progress.hide(secret.group(1))
    return Credentials(url.group(1), secret.group(1))


def call(name: str, **parameters: str) -> ElementTree.Element:
    """The answer of this machine's API to a call; Failure when there is none, or when it is a refusal."""
    signed = _signed(name, parameters, credentials().secret, _algorithm())
    return _taken(name, curl.get(f"{URL}/{signed}", insecure=True, json=False))


@dataclass(frozen=True)
class Elsewhere:
    """The API of another machine, asked by its name and secret, at its private address or at that of its name."""

    hostname: str
    address: str | None
    secret: str = field(repr=False)

    @property
    def url(self) -> str:
        """By which load balancers know the node."""
        return url_of(self.hostname)

    def call(self, name: str, /, **parameters: str) -> ElementTree.Element:
        """As this machine's own; its administrator may have narrowed the algorithms that it takes."""
        progress.hide(self.secret)
        for algorithm in ALGORITHMS:
            signed = _signed(name, parameters, self.secret, algorithm)
            # A checksum is as good as the secret for this one call, and this machine has other users.
            answer = curl.send(f"{self.url}/{signed}", connect_to=self.address)
            if "<messageKey>checksumError</messageKey>" not in answer.body:
                break
        return _taken(name, answer)

    def signed(self, name: str, /, **parameters: str) -> str:
        """The URL of a call, for whoever is to make it."""
        progress.hide(self.secret)
        return f"{self.url}/{_signed(name, parameters, self.secret, ALGORITHM)}"


def url_of(hostname: str) -> str:
    """Where the API of a machine is, by its name."""
    return f"https://{hostname}/bigbluebutton/api"


def _signed(name: str, parameters: dict[str, str], secret: str, algorithm: str) -> str:
    query = urlencode(parameters)
    return f"{name}?" + f"{query}&checksum={checksum(name, query, secret, algorithm)}".lstrip("&")


def _taken(name: str, answer: curl.Answer) -> ElementTree.Element:
    if answer.status != 200:
        raise Failure(f"the API does not answer {name}: {answer.reason}")
    response = _parse(name, answer.body)
    if response.findtext("returncode") != "SUCCESS":
        why = response.findtext("messageKey") or response.findtext("message") or "no reason given"
        raise Failure(f"the API does not answer {name}: {why}")
    return response


def _parse(name: str, body: str) -> ElementTree.Element:
    """The answer as XML. Metadata, which anybody may name and fill, is left out where it keeps us from reading it."""
    # Characters that are not allowed in XML, even as references: frontends pass on what people type.
    text = _NOT_IN_XML.sub("", _REFERENCE.sub(_allowed, body))
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError:
        text = re.sub(
            r"<metadata>.*?</metadata>", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL
        )
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line, column = error.position
        position = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column
        ids = re.findall(r"<meetingID>([^<]*)", text[:position])
        where = f", at meeting {ids[-1]}" if ids else ""
        raise Failure(f"the API does not answer {name}: its answer is not XML{where}") from None


def _allowed(reference: re.Match) -> str:
    number = int(reference.group(1)) if reference.group(1) else int(reference.group(2), 16)
    return "" if number > 0x10FFFF or _NOT_IN_XML.match(chr(number)) else reference.group()


def _algorithm() -> str:
    current = files.read(PROPERTIES)
    text = current.content.decode("utf-8", "surrogateescape") if current else ""
    allowed = re.findall(r"sha\d+", value_of(text, "supportedChecksumAlgorithms") or "")
    return ALGORITHM if ALGORITHM in allowed or not allowed else allowed[-1]


def wait_until_it_answers() -> None:
    """Waits until the API answers on this machine."""

    def silent() -> str:
        answer = curl.get(URL, insecure=True)
        return "" if answer.status == 200 else answer.reason

    report("waiting until the API answers")
    reason = wait_while(silent, START_SECONDS, PAUSE_SECONDS)
    if reason:
        raise Failure(
            f"the API does not answer on this machine after {START_SECONDS // 60} minutes ({reason}); "
            "look at `journalctl -u bbb-web`"
        )
