"""What we set on this machine, file by file, and what stood there before."""

from __future__ import annotations

import json

from ..system import files, paths
from ..system.failure import Failure
from ..system.files import Change

RECORDS = f"{paths.STATE}/records.json"


def load() -> dict:
    """All records: scope (who manages) → path → record."""
    found = files.read(RECORDS)
    if not found:
        return {}
    try:
        return json.loads(found.content)["scopes"]
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{RECORDS} cannot be read: restore it from a backup of this machine") from None


def change(scopes: dict) -> Change:
    """The records as a file to be written, readable by root alone: they may hold what secret files held."""
    text = json.dumps({"version": 1, "scopes": scopes})
    return Change(RECORDS, text.encode("ascii"), 0o600, *files.owner_ids("root:root"))
