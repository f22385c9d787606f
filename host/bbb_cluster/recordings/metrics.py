"""How a node's recordings get to where they are when it is gone."""

from __future__ import annotations

from ..system.metric import Metric, moment
from . import destination, marks, removal


def metrics() -> list[Metric]:
    """How many wait, and since when handing them over fails."""
    found = [Metric("bbb_cluster_recordings_waiting", removal.waiting(destination.kept()).count)]
    # In this form the first in time is the first of the texts.
    since = min((str(note["since"]) for note in marks.tried().values() if "since" in note), default=None)
    return found + moment("bbb_cluster_hand_over_failing_since_timestamp_seconds", since)
