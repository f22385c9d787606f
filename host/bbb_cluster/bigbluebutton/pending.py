"""A change that would end meetings, kept on the node until nobody is here: the request as it was delivered."""

from __future__ import annotations

import json

from ..settings import request_log
from ..system import clock, files, paths
from ..system.files import Change

RECORD = f"{paths.STATE}/pending.json"


def keep(key: str, request: dict, digest: str, what: str) -> None:
    """Keeps the newest request, which says everything; `since` stays that of the first that had to wait."""
    since = (load() or {}).get("since") or clock.stamp()
    entry = {"since": since, "what": what, "digest": digest, "request": request}
    files.ensure(RECORD, json.dumps(entry, sort_keys=True).encode("ascii"), 0o600)
    request_log.note_pending(key, digest)


def load() -> dict | None:
    """`since`, `what`, `digest` and `request`; None when nothing is kept."""
    entry = files.read_json(RECORD)
    return entry if isinstance(entry.get("request"), dict) and isinstance(entry.get("digest"), str) else None


def summary() -> dict | None:
    """What is said of it: `since` (ISO 8601, UTC) and `what`, a list of texts."""
    entry = load()
    return entry and {"since": str(entry.get("since")), "what": [str(entry.get("what"))]}


def forget() -> None:
    """Whatever was kept is done, or no longer wanted."""
    if files.exists(RECORD):
        files.write(Change(RECORD, None))
