"""Does what waits for this node to be empty: a change that was kept, security updates, a reboot."""

from __future__ import annotations

from ..system import request
from .maintain import maintain


def apply(data: dict, digest: str) -> dict:
    """Only on an empty node, which is closed for that time; `left` says why something is still to be done."""
    request.only(data, ())
    outcome = maintain({"now": True}, digest)
    return {"applied": not outcome["left"], "left": outcome["left"], "reboot": outcome["reboot"] is not None}
