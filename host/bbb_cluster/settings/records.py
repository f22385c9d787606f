"""What we set on this machine, file by file, and what was there before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from ..system import files, paths
from ..system.failure import Failure
from ..system.files import Change

RECORDS = f"{paths.STATE}/records.json"


@dataclass(frozen=True)
class Records:
    """By scope (who manages), by path: the record of a file. `release` is the one that the node was configured for."""

    scopes: dict = field(default_factory=dict)
    release: str | None = None

    def scope(self, name: str) -> dict:
        """The records of one scope, by path."""
        return self.scopes.get(name, {})

    def replaced(self, name: str, records: dict) -> Records:
        """The same with other records for one scope; empty: none."""
        scopes = {**self.scopes, name: records}
        return replace(self, scopes={scope: kept for scope, kept in scopes.items() if kept})


def load() -> Records:
    """All records of this machine."""
    current = files.read(RECORDS)
    if not current:
        return Records()
    try:
        data = json.loads(current.content)
        return Records(data["scopes"], data["release"])
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{RECORDS} cannot be read: restore it from a backup of this machine") from None


def mark_secret(remembered: dict, keys: dict[str, list[str]]) -> None:
    """Notes in records of files, by path, which of their keys are secrets."""
    for path, record in remembered.items():
        record.pop("secret", None)
        if path in keys:
            record["secret"] = keys[path]


def change(records: Records) -> Change:
    """The records as a file to be written, readable by root alone: they may hold what secret files held."""
    text = json.dumps({"version": 1, "release": records.release, "scopes": records.scopes})
    return Change(RECORDS, text.encode("ascii"), 0o600, *files.root_ids())
