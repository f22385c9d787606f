"""Tells which backups there are, and what has become of the last one; changes nothing."""

from __future__ import annotations

from ..backup import note, settings
from ..backup.repository import Repository
from ..balancer import bbblb_copy
from ..system import progress, request


def backups(data: dict, _digest: str) -> dict:
    """What was noted here; with `list` also what the repository has, and what a restore would replace."""
    request.only(data, ("list",))
    kept = settings.load()
    noted = {name: value and progress.clean(value) for name, value in note.load().items()}
    answer = {"repository": kept.repository if kept else None, **noted}
    if not request.field(data, "list", bool, False):
        return answer
    return {**answer, "snapshots": Repository(settings.required()).snapshots(), "here": bbblb_copy.in_use()}
