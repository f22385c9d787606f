"""How a node's recordings get to where they are when it is gone."""

from __future__ import annotations

from ..system.metric import Metric, seconds_of
from . import destination, marks, removal


def metrics() -> list[Metric]:
    """How many wait, and since when handing them over fails."""
    found = [Metric("bbb_cluster_recordings_waiting", removal.waiting(destination.kept()).count)]
    since = [moment for note in marks.tried().values() if (moment := seconds_of(note.get("since"))) is not None]
    return found + ([Metric("bbb_cluster_hand_over_failing_since_timestamp_seconds", min(since))] if since else [])
