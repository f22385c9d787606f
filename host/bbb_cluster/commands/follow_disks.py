"""Closes nodes at the load balancer while their root disks are low: every minute, by systemd."""

from __future__ import annotations

from ..balancer import choice, disks
from ..system import request


def follow_disks(data: dict, _digest: str) -> dict:
    """Answers which."""
    request.only(data, ())
    return {"closed": disks.follow(choice.kept())}
