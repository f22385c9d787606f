"""The meetings on this node, as BigBlueButton's own API tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable
from xml.etree.ElementTree import Element

from ..system import clock
from ..system.failure import Failure, message
from ..system.progress import report
from ..system.waiting import wait_while
from ..system.xml_numbers import number
from . import api

# The cluster's own checks make meetings for a moment; nobody is in them.
CHECKS = "verify-"
# Long enough for somebody whose connection was lost, and for those who come too early.
EMPTY_MINUTES = 10
END_SECONDS = 60


@dataclass(frozen=True)
class Meeting:
    """A meeting that runs, its breakout rooms included; an empty one has had nobody in it for a while."""

    id: str
    people: int
    empty: bool = False
    internal_id: str = ""
    moderator_password: str = field(default="", repr=False)


# Calls an API: this machine's, unless another one is named.
Call = Callable[..., Element]


def running(call: Call | None = None) -> list[Meeting]:
    """All meetings of users; Failure when the API cannot be asked."""
    listed = [
        meeting
        for meeting in (call or api.call)("getMeetings").iterfind("meetings/meeting")
        if meeting.findtext("hasBeenForciblyEnded") != "true"
        and not (meeting.findtext("meetingID") or "").startswith(CHECKS)
    ]
    parents = {meeting.findtext("internalMeetingID") for meeting in listed} - {None, ""}
    rooms: dict[str, list[Element]] = {}
    for room in listed:
        if _parent(room) in parents:
            rooms.setdefault(_parent(room), []).append(room)
    return [
        _meeting(meeting, rooms.get(meeting.findtext("internalMeetingID") or "", []))
        for meeting in listed
        if _parent(meeting) not in parents
    ]


def holding(found: list[Meeting]) -> list[Meeting]:
    """Those that something which would end them has to wait for."""
    return [meeting for meeting in found if not meeting.empty]


def end_empty(found: list[Meeting], call: Call | None = None) -> None:
    """Ends the empty ones by the API, so that callbacks and recordings follow; waits a little for that."""
    empty = {meeting.internal_id: meeting for meeting in found if meeting.empty}
    if not empty:
        return
    report(f"ending {_count(len(empty))} in which nobody has been for {EMPTY_MINUTES} minutes")
    for internal_id, meeting in empty.items():
        password = {"password": meeting.moderator_password} if meeting.moderator_password else {}
        try:
            # Any other id is compared with the beginnings of internal ones first: "ab" can be somebody else's meeting.
            (call or api.call)("end", meetingID=internal_id, **password)
        except Failure as error:
            report(f"meeting {internal_id} cannot be ended: {message(error)}")
    wait_while(lambda: " ".join(empty.keys() & {meeting.internal_id for meeting in running(call)}), END_SECONDS, 2)


def summary(found: list[Meeting]) -> str:
    """`2 meetings with 14 people`."""
    people = sum(meeting.people for meeting in found)
    return f"{_count(len(found))} with {people} {'person' if people == 1 else 'people'}"


def _count(number: int) -> str:
    return f"{number} meeting{'' if number == 1 else 's'}"


def _parent(meeting: Element) -> str | None:
    return meeting.findtext("parentMeetingID") if meeting.findtext("isBreakout") == "true" else None


def _meeting(meeting: Element, rooms: list[Element]) -> Meeting:
    # Who is in a breakout room may be counted in the meeting, too.
    people = max(_people(meeting), sum(_people(room) for room in rooms))
    return Meeting(
        meeting.findtext("meetingID") or "",
        people,
        not people and all(_is_empty(one) for one in [meeting, *rooms]),
        meeting.findtext("internalMeetingID") or "",
        meeting.findtext("moderatorPW") or "",
    )


def _people(meeting: Element) -> int:
    try:
        # Somebody on the telephone, or who only listens, is among the participants; some releases count late.
        return max(int(meeting.findtext(name) or 0) for name in ("participantCount", "voiceParticipantCount"))
    except ValueError:
        # Not nobody: with nobody in it, a meeting might not count.
        return max(1, len(meeting.findall("attendees/attendee")))


def _is_empty(meeting: Element) -> bool:
    """Whether nobody has been in it for a while, as far as its times tell; an id is needed to end it."""
    created, left = (number(meeting, name) for name in ("createTime", "endTime"))
    if not created or not meeting.findtext("internalMeetingID"):
        return False
    if meeting.findtext("hasUserJoined") == "true" and not left:
        return False
    return clock.wall() * 1000 - max(created, left) >= EMPTY_MINUTES * 60_000
