"""Which meetings may still begin on this node: on an open one all, on a closed one those that run already."""

from __future__ import annotations

import threading
from collections.abc import Collection

from ..system import clock
from ..system.failure import Failure
from . import cordons, meetings

# As long as an answer of the API is believed: while users come in, every one of their frontends asks.
FRESH_SECONDS = 1


class Admission:
    """Decides on the ids that a `create` names; the API is asked by one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._running: frozenset[str] = frozenset()

    def may_begin(self, ids: Collection[str]) -> bool:
        """To create a running meeting again does nothing to it; frontends do so whenever somebody joins."""
        if not cordons.is_closed():
            return True
        # The cluster's own checks look at closed nodes, too.
        users = [name for name in ids if not name.startswith(meetings.CHECKS)]
        return bool(ids) and (not users or set(users) <= self._ids())

    def _ids(self) -> frozenset[str]:
        with self._lock:
            if clock.now() - self._asked_at >= FRESH_SECONDS:
                self._running = _running()
                self._asked_at = clock.now()
            return self._running


def _running() -> frozenset[str]:
    try:
        # Not those that nobody is in: they are about to be ended.
        return frozenset(meeting.id for meeting in meetings.holding(meetings.running()))
    except Failure:
        return frozenset()
