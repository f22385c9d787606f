"""Whether a node is empty: no meeting, no recording in work, and nothing that the API has forgotten."""

from __future__ import annotations

from ..system import clock, processes, units
from ..system.failure import Failure, message
from . import meetings, recordings

# A restart of bbb-web alone leaves meetings running that it no longer knows (bigbluebutton#13155).
TOGETHER_SECONDS = 600
FORGOTTEN_SECONDS = 12 * 3600


def obstacle(ending: bool = False) -> str:
    """What keeps this node from being empty; an empty text when it is. With `ending` empty meetings are ended first."""
    if not any(units.is_up(unit) for unit in ("bbb-web", "bbb-apps-akka")):
        return ""
    try:
        found = meetings.running()
        if ending and not meetings.holding(found):
            meetings.end_empty(found)
            found = meetings.running()
    except Failure as error:
        return f"it is not known whether meetings are running ({message(error)})"
    found = meetings.holding(found)
    return meetings.summary(found) if found else _forgotten() or recordings.in_work()


def forgotten_since(start: float) -> str:
    """Meetings that nobody knows of any more, because bbb-web alone was restarted since then; empty: none."""
    web, server = _began("bbb-web"), _began("bbb-apps-akka")
    if web is None or web < start or (server is not None and server >= start):
        return ""
    return "an unknown number of meetings (bbb-web was restarted meanwhile and has forgotten them)"


def _forgotten() -> str:
    web, server = _began("bbb-web"), _began("bbb-apps-akka")
    if web is None or server is None or web - server < TOGETHER_SECONDS:
        return ""
    hours = (clock.now() - web) / 3600
    if hours * 3600 >= FORGOTTEN_SECONDS:
        return ""
    return f"bbb-web was started {hours:.0f} hours ago, long after bbb-apps-akka: it may not know all meetings"


def _began(unit: str) -> float | None:
    shown = processes.run(["systemctl", "show", "-p", "ActiveEnterTimestampMonotonic", unit]).out.strip()
    since = shown.rpartition("ActiveEnterTimestampMonotonic=")[2]
    return int(since) / 1e6 if since.isdigit() and int(since) else None
