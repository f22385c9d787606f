"""How old the last backup is, and whether the last try failed."""

from __future__ import annotations

from ..system.metric import Metric, moment
from . import note, settings


def metrics() -> list[Metric]:
    """Nothing where there are to be none."""
    if not settings.load():
        return []
    last = note.load()
    failed = Metric("bbb_balancer_backup_failed", float(last["failure"] is not None))
    return [failed, *moment("bbb_balancer_backup_timestamp_seconds", last["at"])]
