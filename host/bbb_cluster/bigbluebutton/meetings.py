"""The meetings on this node, as BigBlueButton's own API tells."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from ..settings.properties import value_of
from ..system import curl, files, processes, progress
from ..system.failure import Failure

PROPERTIES = "/etc/bigbluebutton/bbb-web.properties"
API = "https://127.0.0.1/bigbluebutton/api"
# Every release takes SHA-256, unless the administrator says otherwise.
ALGORITHM = "sha256"


@dataclass(frozen=True)
class Meeting:
    """A meeting that runs; breakout rooms belong to theirs and are none."""

    id: str
    people: int


def running() -> list[Meeting]:
    """All meetings; Failure when the API cannot be asked."""
    query = f"checksum={hashlib.new(_algorithm(), f'getMeetings{_secret()}'.encode()).hexdigest()}"
    answer = curl.get(f"{API}/getMeetings?{query}", insecure=True, json=False)
    if answer.status != 200:
        raise Failure(f"the API does not tell which meetings run: {answer.reason}")
    try:
        response = ElementTree.fromstring(answer.body)
    except ElementTree.ParseError:
        raise Failure("the API does not tell which meetings run: its answer is not XML") from None
    if response.findtext("returncode") != "SUCCESS":
        why = response.findtext("messageKey") or response.findtext("message") or "no reason given"
        raise Failure(f"the API does not tell which meetings run: {why}")
    return [
        Meeting(meeting.findtext("meetingID") or "", int(meeting.findtext("participantCount") or 0))
        for meeting in response.iterfind("meetings/meeting")
        if meeting.findtext("isBreakout") != "true" and meeting.findtext("hasBeenForciblyEnded") != "true"
    ]


def summary(found: list[Meeting]) -> str:
    """`2 meetings with 14 people`."""
    people = sum(meeting.people for meeting in found)
    return f"{len(found)} meeting{'' if len(found) == 1 else 's'} with {people} {'person' if people == 1 else 'people'}"


def _secret() -> str:
    shown = processes.run(["bbb-conf", "--secret"], 120)
    secret = re.search(r"^\s*Secret:\s*(\S+)", shown.out, re.MULTILINE)
    if not secret:
        raise Failure("`bbb-conf --secret` does not say the API's secret, so nobody can ask which meetings run")
    progress.hide(secret.group(1))
    return secret.group(1)


def _algorithm() -> str:
    found = files.read(PROPERTIES)
    text = found.content.decode("utf-8", "surrogateescape") if found else ""
    allowed = re.findall(r"sha\d+", value_of(text, "supportedChecksumAlgorithms") or "")
    return ALGORITHM if ALGORITHM in allowed or not allowed else allowed[-1]
