"""Closes this node to new meetings, or opens it again, on behalf of whoever holds it closed."""

from __future__ import annotations

from ..bigbluebutton import cordons
from ..system import request
from ..system.failure import Failure


def cordon(data: dict, _digest: str) -> dict:
    """Holds the node closed until the same one lets go, also over reboots and every `pulumi up`."""
    request.only(data, ("by", "reason"))
    by, reason = _holder(data), request.field(data, "reason", str)
    if not reason.strip():
        raise Failure("`reason` must say why the node is cordoned, got an empty text")
    cordons.hold(by, reason)
    return {"cordons": cordons.holders()}


def uncordon(data: dict, _digest: str) -> dict:
    """Lets go; those of the answer hold the node closed still."""
    request.only(data, ("by",))
    cordons.release(_holder(data))
    return {"cordons": cordons.holders()}


def _holder(data: dict) -> str:
    by = request.field(data, "by", str)
    if by not in cordons.BY:
        raise Failure(f"`by` must be one of {', '.join(cordons.BY)}, got `{by}`")
    return by
