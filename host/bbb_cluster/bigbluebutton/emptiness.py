"""Whether a node is empty: no meeting, no recording in work, and nothing that the API has forgotten."""

from __future__ import annotations

from ..system import clock, files, paths, processes, units
from ..system.failure import Failure, message
from . import meetings
from . import recordings as rap

# A restart of bbb-web alone leaves meetings running that it no longer knows (bigbluebutton#13155).
TOGETHER_SECONDS = 600
FORGOTTEN_SECONDS = 12 * 3600
# Which start of bbb-web was on an empty node.
STARTED = f"{paths.STATE}/started-empty"


def anything_runs() -> bool:
    """Whether there can be meetings at all: they live in these two."""
    return any(units.is_up(unit) for unit in ("bbb-web", "bbb-apps-akka"))


def obstacle(*, ending: bool = False, recordings: bool = True) -> str:
    """
    What keeps this node from being empty; an empty text when it is. With `ending` empty meetings are ended first;
    without `recordings` those in work do not count.
    """
    return look(ending=ending, recordings=recordings)[0]


def look(*, ending: bool = False, recordings: bool = True) -> tuple[str, list[meetings.Meeting] | None]:
    """The same with the meetings that count; None when they are not known."""
    if not anything_runs():
        return "", []
    known, found = people(ending=ending)
    return known or _forgotten() or (rap.in_work() if recordings else ""), found


def people(call: meetings.Call | None = None, *, ending: bool = False) -> tuple[str, list[meetings.Meeting] | None]:
    """The same as far as an API tells it: this machine's, or the one that `call` calls."""
    try:
        found = meetings.running(call)
        if ending and not meetings.holding(found):
            meetings.end_empty(found, call)
            found = meetings.running(call)
    except Failure as error:
        return f"it is not known whether meetings are running ({message(error)})", None
    found = meetings.holding(found)
    return meetings.summary(found) if found else "", found


def refusal(node: str, found: str, counted: list[meetings.Meeting] | None) -> Failure:
    """Why a node is not removed that is not empty, or of which that is not known: for what `look` or `people` found."""
    if counted is None:
        return Failure(
            f"{node} may have meetings and recordings: {found}; nothing of it was touched. If it is off, power it on "
            "and run again; if it is dead, save its disk in a snapshot at Hetzner first: "
            f"`npm run leave -- {node} --abandon` removes it without asking it, with all recordings that it alone has"
        )
    return Failure(
        f"{node} is not empty: {found}; nothing of it was touched. `npm run leave -- {node}` removes it when it is "
        "empty; set its state to abandoned if it does not matter"
    )


def note_start() -> None:
    """Notes that bbb-web was started, if it was, on an empty node: nothing can have been forgotten by that."""
    files.ensure(STARTED, _start().encode("ascii"), 0o600)


def _start() -> str:
    """This start of bbb-web: in this run of the machine, and when."""
    return f"{files.text('/proc/sys/kernel/random/boot_id').strip()} {_began('bbb-web')}"


def _forgotten() -> str:
    web, server = _began("bbb-web"), _began("bbb-apps-akka")
    if web is None or server is None or web - server < TOGETHER_SECONDS or files.text(STARTED) == _start():
        return ""
    hours = (clock.now() - web) / 3600
    if hours * 3600 >= FORGOTTEN_SECONDS:
        return ""
    return f"an unknown number of meetings (bbb-web was started {hours:.0f} hours ago, long after bbb-apps-akka)"


def _began(unit: str) -> float | None:
    shown = processes.run(["systemctl", "show", "-p", "ActiveEnterTimestampMonotonic", unit]).out.strip()
    since = shown.rpartition("ActiveEnterTimestampMonotonic=")[2]
    return int(since) / 1e6 if since.isdigit() and int(since) else None
