"""When services may be restarted: at once, or when no meeting runs any more. Decided before the first write."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..system import clock, request, services
from ..system.failure import Failure, sentence
from ..system.progress import say
from . import drain, meetings
from .meetings import Meeting, summary

# Users notice little or nothing of these; every other restart ends meetings, or throws people out of them.
HARMLESS = {"nginx", "daemon-reload", "etherpad", "bbb-graphql-middleware"}
POLL_SECONDS = 5
SAY_EVERY_SECONDS = 15
UNKNOWN_SECONDS = 120


@dataclass(frozen=True)
class Policy:
    """Whether running meetings are waited for, and for how long at most."""

    when_empty: bool
    timeout_minutes: int


def parse(data: dict) -> Policy:
    """The request's `restart`; left out: at once."""
    wanted = request.field(data, "restart", dict, {})
    when = request.field(wanted, "when", str, "now")
    if when not in ("now", "whenEmpty"):
        raise Failure(f"`when` in `restart` must be now or whenEmpty, got `{when}`")
    minutes = request.field(wanted, "timeoutMinutes", int, 60)
    if minutes < 0:
        raise Failure(f"`timeoutMinutes` in `restart` must not be negative, got {minutes}")
    return Policy(when == "whenEmpty", minutes)


def disturbing(units: list[str]) -> list[str]:
    """Those of the units that run here and whose restart users would notice."""
    found = [unit for unit in units if unit.replace(".service", "") not in HARMLESS]
    return [unit for unit in found if unit == services.ALL or services.runs_here(unit)]


def permission(units: list[str], policy: Policy) -> contextlib.AbstractContextManager[None]:
    """The time in which the units may be restarted; Failure when it does not come."""
    reasons = disturbing(units) if policy.when_empty else []
    return undisturbed(f"restarting {', '.join(reasons)}", policy) if reasons else contextlib.nullcontext()


@contextlib.contextmanager
def undisturbed(what: str, policy: Policy) -> Iterator[None]:
    """The time in which something that would end meetings may be done; Failure when it does not come."""
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
    return any(services.is_up(unit) for unit in ("bbb-web", "bbb-apps-akka"))


def _wait(what: str, timeout_minutes: int) -> None:
    found = _ask()
    try:
        drain.close(found)
    except Failure as error:
        if found:
            raise Failure(f"{what} would end {summary(found)}, and {sentence(error)}; or set `restart: now`") from None
        # Nobody is here, and this is over in a moment.
        say(sentence(error))
        return
    start = clock.now()
    told = start - SAY_EVERY_SECONDS
    while True:
        found = _ask()
        if not found:
            return
        drain.let_on(found)
        left = timeout_minutes - (clock.now() - start) / 60
        if left <= 0:
            verb = "is" if len(found) == 1 else "are"
            raise Failure(
                f"{what} would end {summary(found)}, which {verb} still going on after {_minutes(timeout_minutes)}; "
                "nothing was changed and the node takes new meetings again: run again later, or set `restart: now`"
            )
        if clock.now() - told >= SAY_EVERY_SECONDS:
            say(f"{summary(found)} left, waiting up to {_minutes(math.ceil(left), 'more ')}")
            told = clock.now()
        clock.sleep(POLL_SECONDS)


def _minutes(count: int, more: str = "") -> str:
    return f"{count} {more}minute{'' if count == 1 else 's'}"


def _ask() -> list[Meeting]:
    """The running meetings; an API that does not answer is given two minutes."""
    start = clock.now()
    while True:
        try:
            return meetings.running()
        except Failure as error:
            if clock.now() - start >= UNKNOWN_SECONDS:
                reason = sentence(error)
                raise Failure(
                    f"nobody can tell whether meetings are running ({reason}), so nothing was changed: "
                    "look at `journalctl -u bbb-web`, or set `restart: now`"
                ) from None
        clock.sleep(POLL_SECONDS)
