"""All files or none: a journal from which a failed or killed run is put right."""

from __future__ import annotations

import base64
import json

from . import files, paths
from .files import Change
from .progress import say

JOURNAL = f"{paths.STATE}/journal.json"


def begin(changes: list[Change], units: list[str]) -> None:
    """Writes down what stands where changes are about to happen, and the units that will have to follow."""
    entries = []
    for change in changes:
        found = files.read(change.path)
        entry = {"path": change.path, "directories": files.missing_directories(change.path), "before": None}
        if found:
            content = base64.b64encode(found.content).decode("ascii")
            entry["before"] = {"content": content, "mode": found.mode, "uid": found.uid, "gid": found.gid}
        entries.append(entry)
    _write({"entries": entries, "units": units})


def restore() -> list[str]:
    """
    Puts back what the journal holds and returns the units that may have read the changed files. These stay
    noted until `end`, so that they are not forgotten if this run is killed, too; the files are put back once only.
    """
    found = files.read(JOURNAL)
    if not found:
        return []
    journal = json.loads(found.content)
    for entry in reversed(journal["entries"]):
        before = entry["before"]
        if before:
            content = base64.b64decode(before["content"])
            files.write(Change(entry["path"], content, before["mode"], before["uid"], before["gid"]))
        else:
            files.write(Change(entry["path"], None, directories=tuple(entry["directories"])))
    end(journal["units"])
    return journal["units"]


def end(owed: list[str] | None = None) -> None:
    """Closes the transaction: what stands now is what is wanted; units that are still to read it stay noted."""
    if owed:
        _write({"entries": [], "units": owed})
    else:
        files.write(Change(JOURNAL, None))


def recover() -> list[str]:
    """Puts right what a killed run left, and returns the units that this run has to restart for it."""
    found = files.read(JOURNAL)
    if found and json.loads(found.content)["entries"]:
        say("an earlier run was interrupted: putting its files back before anything else")
    return restore()


def _write(journal: dict) -> None:
    files.write(Change(JOURNAL, json.dumps(journal).encode("ascii"), 0o600, *files.owner_ids("root:root")))
