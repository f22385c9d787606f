"""Hands this node's recordings over to where they are when the node is gone; run by a timer."""

from __future__ import annotations

from ..recordings import destination, hand_over, marks, removal
from ..system import progress, request


def hand_over_recordings(data: dict, _digest: str) -> dict:
    """What was handed over now, and how many wait; with {"again": true} everything is handed over once more."""
    request.only(data, ("again",))
    if request.field(data, "again", bool, False):
        marks.forget_others(set())
    done = hand_over.run()
    left = removal.waiting(destination.kept())
    return {"handedOver": done, "waiting": left.count, "why": [progress.clean(why) for why in left.findings]}
