"""When services may be restarted: at once, or when nobody is here. Decided before the first write; nothing waits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..system import request, units
from ..system.failure import Failure, message
from ..system.progress import report
from ..system.waiting import wait_while
from . import cordons, emptiness, meetings

# Users notice little or nothing of these; every other restart ends meetings, or throws people out of them.
HARMLESS = {"nginx", units.RELOAD, "etherpad", "bbb-graphql-middleware"}
POLL_SECONDS = 5
UNKNOWN_SECONDS = 120


class Occupied(Failure):
    """What would end meetings is not done: `what` is to be done, `obstacle` says who is here."""

    def __init__(self, what: str, obstacle: str) -> None:
        super().__init__(f"{what} would end {obstacle}")
        self.what, self.obstacle = what, obstacle


@dataclass(frozen=True)
class Policy:
    """Whether what would end meetings is left for when the node is empty."""

    when_empty: bool


def parse(data: dict) -> Policy:
    """The request's `restart`."""
    when = request.field(data, "restart", str)
    if when not in ("now", "whenEmpty"):
        raise Failure(f"`restart` must be now or whenEmpty, got `{when}`")
    return Policy(when == "whenEmpty")


def open_for_restart(names: list[str], policy: Policy) -> contextlib.AbstractContextManager[None]:
    """The window in which the units may be restarted; Occupied when somebody is here."""
    disturbing = _disturbing(names) if policy.when_empty else []
    recordings = units.EVERYTHING in disturbing
    what = f"restarting {', '.join(disturbing)}"
    return open_for(what, policy, recordings=recordings) if disturbing else contextlib.nullcontext()


def _disturbing(names: list[str]) -> list[str]:
    """Those of the units that run here and whose restart users would notice."""
    found = [name for name in names if name.replace(".service", "") not in HARMLESS]
    return [name for name in found if name == units.EVERYTHING or units.runs_here(name)]


@contextlib.contextmanager
def open_for(what: str, policy: Policy, *, recordings: bool = True) -> Iterator[None]:
    """
    The window in which something that would end meetings may be done: the node is closed meanwhile. Occupied when
    somebody is here; `recordings` in work count as somebody.
    """
    if not policy.when_empty or not emptiness.anything_runs():
        yield
        return
    if cordons.is_given_meetings():
        raise Occupied(what, "the meetings that the load balancer begins here meanwhile")
    _wait_for_api()
    with contextlib.ExitStack() as closing:
        try:
            closing.enter_context(cordons.closed_for_work())
        except Failure as error:
            obstacle = emptiness.obstacle(recordings=recordings)
            if obstacle:
                raise Occupied(what, f"{obstacle}, and {message(error)}") from None
            # Nobody is here, and this is over in a moment.
            report(message(error))
        obstacle = emptiness.obstacle(ending=True, recordings=recordings)
        if obstacle:
            raise Occupied(what, obstacle)
        try:
            yield
        finally:
            emptiness.note_start()


def _wait_for_api() -> None:
    """An API that does not answer is given two minutes: nobody else knows who is here."""

    def unknown() -> str:
        try:
            meetings.running()
        except Failure as error:
            return message(error)
        return ""

    reason = wait_while(unknown, UNKNOWN_SECONDS, POLL_SECONDS)
    if reason:
        raise Failure(
            f"cannot determine whether meetings are running ({reason}), so nothing was changed: "
            "look at `journalctl -u bbb-web`, or set `restart: now`"
        )
