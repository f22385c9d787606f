"""How a node's recordings get to where they are when it is gone."""

from __future__ import annotations

from ..system.metric import Metric, moment
from . import destination, removal


def metrics() -> list[Metric]:
    """How many wait, and since when handing them over fails."""
    found = removal.waiting(destination.kept())
    return [
        Metric("bbb_cluster_recordings_waiting", found.count),
        *moment("bbb_cluster_hand_over_failing_since_timestamp_seconds", found.failing_since),
    ]
