"""Tells what security updates have left to be done on this machine, without changing anything."""

from __future__ import annotations

from ..system import files, progress
from ..updates import due as state
from ..updates import schedule


def due(_data: dict, _digest: str) -> dict:
    """What is held, what waits for the next window, what runs on old libraries, whether a reboot is due."""
    on_node = not files.exists(schedule.SETTINGS) or schedule.load().machine == schedule.NODE
    found = state.due(on_node)
    return {**vars(found), "last": _clean(state.last())}


def _clean(last: dict | None) -> dict | None:
    return last and {name: progress.clean(value) if value else None for name, value in last.items()}
