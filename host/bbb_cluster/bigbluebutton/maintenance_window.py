"""When services may be restarted: at once, or when no meeting runs any more. Decided before the first write."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..system import clock, request, units
from ..system.failure import Failure, message
from ..system.progress import report
from ..system.waiting import wait_while
from . import drain, emptiness, meetings
from .meetings import Meeting, holding, summary

# Users notice little or nothing of these; every other restart ends meetings, or throws people out of them.
HARMLESS = {"nginx", units.RELOAD, "etherpad", "bbb-graphql-middleware"}
POLL_SECONDS = 5
UNKNOWN_SECONDS = 120


@dataclass(frozen=True)
class Policy:
    """Whether running meetings are waited for, and for how long at most."""

    when_empty: bool
    timeout_minutes: int


def parse(data: dict) -> Policy:
    """The request's `restart`."""
    wanted = request.field(data, "restart", dict)
    request.only(wanted, ("when", "timeoutMinutes"), "`restart`")
    when = request.field(wanted, "when", str)
    if when not in ("now", "whenEmpty"):
        raise Failure(f"`when` in `restart` must be now or whenEmpty, got `{when}`")
    minutes = request.field(wanted, "timeoutMinutes", int, 60)
    if minutes < 0:
        raise Failure(f"`timeoutMinutes` in `restart` must not be negative, got {minutes}")
    return Policy(when == "whenEmpty", minutes)


def open_for_restart(names: list[str], policy: Policy) -> contextlib.AbstractContextManager[None]:
    """The window in which the units may be restarted; Failure when it does not come."""
    disturbing = _disturbing(names) if policy.when_empty else []
    return open_for(f"restarting {', '.join(disturbing)}", policy) if disturbing else contextlib.nullcontext()


def _disturbing(names: list[str]) -> list[str]:
    """Those of the units that run here and whose restart users would notice."""
    found = [name for name in names if name.replace(".service", "") not in HARMLESS]
    return [name for name in found if name == units.EVERYTHING or units.runs_here(name)]


@contextlib.contextmanager
def open_for(what: str, policy: Policy) -> Iterator[None]:
    """The window in which something that would end meetings may be done; Failure when it does not come."""
    if not policy.when_empty or not _anything_runs():
        yield
        return
    try:
        _wait(what, policy.timeout_minutes)
        yield
    finally:
        drain.reopen()


def _anything_runs() -> bool:
    """Whether there can be meetings at all: they live in these two."""
    return any(units.is_up(unit) for unit in ("bbb-web", "bbb-apps-akka"))


def _wait(what: str, timeout_minutes: int) -> None:
    start, found = clock.now(), _ask()
    try:
        drain.close(found)
    except Failure as error:
        if holding(found):
            raise Failure(
                f"{what} would end {summary(holding(found))}, and {message(error)}; or set `restart: now`"
            ) from None
        # Nobody is here, and this is over in a moment.
        report(message(error))
        meetings.end_empty(found)
        return
    running = _wait_until_empty(timeout_minutes, start)
    if running:
        raise Failure(
            f"{what} would end {running}, still running after {_minutes(timeout_minutes)}; "
            "nothing was changed and the node takes new meetings again: run again later, or set `restart: now`"
        )


def _wait_until_empty(timeout_minutes: int, start: float) -> str:
    """Waits for the last meeting to end; what is running still when the time is up."""
    deadline = clock.now() + timeout_minutes * 60

    def running() -> str:
        found = _ask()
        if found and not holding(found):
            # None of them is to begin anew when it has ended.
            drain.let_on([])
            meetings.end_empty(found)
            # Somebody may have come in the meantime.
            found = _ask()
        drain.let_on(found)
        found = holding(found)
        return summary(found) if found else emptiness.forgotten_since(start)

    def line(found: str) -> str:
        minutes = math.ceil((deadline - clock.now()) / 60)
        return f"{found} left, waiting up to {_minutes(minutes, 'more ')}"

    return wait_while(running, timeout_minutes * 60, POLL_SECONDS, line)


def _minutes(count: int, more: str = "") -> str:
    return f"{count} {more}minute{'' if count == 1 else 's'}"


def _ask() -> list[Meeting]:
    """The running meetings; an API that does not answer is given two minutes."""
    found: list[Meeting] = []

    def unknown() -> str:
        try:
            found[:] = meetings.running()
        except Failure as error:
            return message(error)
        return ""

    reason = wait_while(unknown, UNKNOWN_SECONDS, POLL_SECONDS)
    if reason:
        raise Failure(
            f"cannot determine whether meetings are running ({reason}), so nothing was changed: "
            "look at `journalctl -u bbb-web`, or set `restart: now`"
        )
    return found
