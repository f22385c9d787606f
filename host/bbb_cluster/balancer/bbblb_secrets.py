"""BBBLB's own secret and those of its tenants: they come in a request of their own and wait here."""

from __future__ import annotations

import json
import re

from ..system import files, paths, progress, request
from ..system.failure import Failure

KEPT = f"{paths.STATE}/balancer-secrets.json"
# Of what BBBLB takes as it is in a line of its settings; and no short one.
_SECRET = re.compile(r"[\w.~+/=-]{8,}", re.ASCII)


def keep(data: dict) -> bool:
    """Stores {digest, secret, tenants: {NAME: secret}} for root alone; whether it is another than before."""
    tenants = request.field(data, "tenants", dict)
    for name, secret in {"secret": request.field(data, "secret", str), **tenants}.items():
        if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
            raise Failure(f"the secret of `{name}` must have 8 or more letters, digits and any of . ~ + / = _ -")
    if len(set(tenants.values())) < len(tenants):
        raise Failure("two tenants have the same secret: BBBLB tells them apart by it")
    content = {"digest": request.field(data, "digest", str, ""), "secret": data["secret"], "tenants": tenants}
    return files.ensure(KEPT, json.dumps(content, sort_keys=True).encode("ascii"), 0o600)


def load(digest: str | None, names: list[str]) -> tuple[str, dict[str, str]]:
    """BBBLB's secret and those of the tenants, of this digest or of any; from now on none of them is reported."""
    kept = files.read_json(KEPT)
    tenants = kept.get("tenants") or {}
    missing = [name for name in names if name not in tenants]
    if not kept or missing or digest not in (None, kept.get("digest")):
        raise Failure(f"{KEPT} does not hold the secrets that are wanted: run `npm run drift`, then `pulumi up`")
    for secret in [kept["secret"], *tenants.values()]:
        progress.hide(secret)
    return kept["secret"], {name: tenants[name] for name in names}
