"""The meetings on this node, as BigBlueButton's own API tells."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from . import api

# The cluster's own checks make meetings for a moment; nobody is in them.
CHECKS = "verify-"


@dataclass(frozen=True)
class Meeting:
    """A meeting that runs; breakout rooms belong to theirs and are none."""

    id: str
    people: int


def running() -> list[Meeting]:
    """All meetings of users; Failure when the API cannot be asked."""
    return [
        Meeting(meeting.findtext("meetingID") or "", _people(meeting))
        for meeting in api.call("getMeetings").iterfind("meetings/meeting")
        if meeting.findtext("isBreakout") != "true"
        and meeting.findtext("hasBeenForciblyEnded") != "true"
        and not (meeting.findtext("meetingID") or "").startswith(CHECKS)
    ]


def _people(meeting: Element) -> int:
    try:
        return int(meeting.findtext("participantCount") or 0)
    except ValueError:
        # Not nobody: with nobody in it, a meeting might not count.
        return max(1, len(meeting.findall("attendees/attendee")))


def summary(found: list[Meeting]) -> str:
    """`2 meetings with 14 people`."""
    people = sum(meeting.people for meeting in found)
    return f"{len(found)} meeting{'' if len(found) == 1 else 's'} with {people} {'person' if people == 1 else 'people'}"
