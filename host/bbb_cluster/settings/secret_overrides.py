"""Settings that are secrets: they come in a request of their own and wait here for the one that puts them in force."""

from __future__ import annotations

import json

from ..system import files, paths, progress
from ..system.failure import Failure
from ..system.files import Change
from . import override_rows

KEPT = f"{paths.STATE}/secret-overrides.json"
# Shorter ones cannot be told from other words.
SHORTEST = 4


def keep(digest: str, wanted: list) -> bool:
    """Stores rows of files for root alone; whether they are others than before."""
    override_rows.by_path(wanted)
    return files.ensure(KEPT, json.dumps({"digest": digest, "files": wanted}).encode("ascii"), 0o600)


def forget() -> None:
    """Removes them: no setting of this machine is a secret any more."""
    files.write(Change(KEPT, None))


def load(digest: str | None) -> dict[str, list]:
    """The rows that a request names, by path of their file; none when it names none."""
    if digest is None:
        return {}
    kept = _read()
    if kept.get("digest") != digest:
        raise Failure(
            f"{KEPT} does not hold the secret settings that are wanted: run `npm run drift`, then `pulumi up`"
        )
    rows = {file["path"]: file["settings"] for file in kept["files"]}
    hide([row.get("value") for settings in rows.values() for row in settings])
    return rows


def are_in_force(scopes: dict) -> bool:
    """Whether what is kept is what the records of files name as secrets; none of it is reported from now on."""
    recorded = [(path, record) for scope in scopes.values() for path, record in scope.items() if record.get("secret")]
    in_force = {path: {key: record["keys"][key]["set"] for key in record["secret"]} for path, record in recorded}
    kept = {file["path"]: {row["key"]: row.get("value") for row in file["settings"]} for file in _read()["files"]}
    hide([*kept.values(), *in_force.values()])
    return kept == in_force


def hide(value: object) -> None:
    """Keeps a value, and every one in it, out of what is reported."""
    if isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            hide(inner)
    elif not isinstance(value, bool) and len(str(value)) >= SHORTEST:
        progress.hide(str(value))


def _read() -> dict:
    return {"files": [], **files.read_json(KEPT)}
