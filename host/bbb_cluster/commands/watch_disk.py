"""Closes this node to new meetings while its root disk is low: every minute, by systemd."""

from __future__ import annotations

from ..bigbluebutton import disk
from ..system import request


def watch_disk(data: dict, _digest: str) -> dict:
    """Answers what is free of it, 0 to 1."""
    request.only(data, ())
    return {"free": round(disk.look(), 3)}
