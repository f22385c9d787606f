"""Keeps BBBLB's secret and those of its tenants for the configure-balancer that follows."""

from __future__ import annotations

from ..balancer import bbblb_secrets
from ..system import request
from ..system.lock import Lock
from ..system.progress import report

NAME = "keep-balancer-secrets"
FIELDS = ("digest", "repair", "secret", "tenants")


def keep_balancer_secrets(data: dict, _digest: str) -> dict:
    """As with other secrets, the SHA-256 of this request is neither noted nor answered."""
    request.only(data, FIELDS)
    with Lock(NAME):
        changed = bbblb_secrets.keep(data)
    if changed:
        report("keeping the balancer's secrets for the next step")
    return {"digest": request.field(data, "digest", str, ""), "changed": changed}
