"""Hands this node's recordings over to where they are when the node is gone; run by a timer."""

from __future__ import annotations

from ..recordings import destination, hand_over, removal
from ..system import progress, request


def hand_over_recordings(data: dict, _digest: str) -> dict:
    """What was seen there now, and how many wait."""
    request.only(data, ())
    done = hand_over.run()
    left = removal.waiting(destination.kept())
    return {"handedOver": done, "waiting": left.count, "why": [progress.clean(why) for why in left.findings]}
