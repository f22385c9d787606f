"""All files or none: a journal from which a failed or killed run is rolled back."""

from __future__ import annotations

import base64
import contextlib
import json
import os

from ..system import directories, files, paths
from ..system.files import Change, FileState
from ..system.progress import report
from . import records, secret_overrides

JOURNAL = f"{paths.STATE}/journal.json"
# What killed writes leave of them is taken away: they hold secrets, and only the holder of the lock writes them.
HOLDERS_OF_SECRETS = (JOURNAL, records.RECORDS, secret_overrides.KEPT)


def begin(changes: list[Change], units: list[str]) -> None:
    """Writes down what is there before it is changed, and the units that will have to follow."""
    entries = []
    for change in changes:
        found = files.read(change.path)
        entry = {"path": change.path, "directories": directories.missing(change.path), "before": None}
        if found:
            content = base64.b64encode(found.content).decode("ascii")
            entry["before"] = {**vars(found), "content": content}
            entry["link"] = files.link_of(change.path)
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
        files.discard(entry["path"])
        _put_back(entry)
    # A full disk must not keep the operator from the reason; once more puts the same back.
    with contextlib.suppress(OSError):
        end(journal["units"])
    return journal["units"]


def _put_back(entry: dict) -> None:
    path, before = entry["path"], entry["before"]
    if not before:
        files.write(Change(path, None, directories=tuple(entry["directories"])))
        return
    if entry.get("link") and not files.exists(path):
        os.makedirs(os.path.dirname(paths.on_host(path)), exist_ok=True)
        os.symlink(entry["link"], paths.on_host(path))
    found = FileState(**{**before, "content": base64.b64decode(before["content"])})
    # What was not reached is not restarted: there may have been a reason why it could not be written.
    if files.read(path) != found:
        files.write(Change(path, found.content, found.mode, found.uid, found.gid, mtime_ns=found.mtime_ns))


def end(pending_restarts: list[str] | None = None) -> None:
    """Closes the transaction: what is there now is what is wanted; units that are still to read it stay noted."""
    if pending_restarts:
        _write({"entries": [], "units": pending_restarts})
    else:
        files.write(Change(JOURNAL, None))


def recover() -> list[str]:
    """Rolls back what a killed run left, and returns the units that this run has to restart for it."""
    for path in HOLDERS_OF_SECRETS:
        # And of nothing else that lies beside them: others, who need no lock, may be writing it.
        files.discard(path)
    files.sweep(f"{paths.STATE}/routes")
    found = files.read(JOURNAL)
    if found and json.loads(found.content)["entries"]:
        report("a previous run was interrupted; rolling it back")
    return restore()


def _write(journal: dict) -> None:
    files.write(Change(JOURNAL, json.dumps(journal).encode("ascii"), 0o600, *files.root_ids()))


def is_unfinished() -> bool:
    """Whether files are to be put back still."""
    current = files.read(JOURNAL)
    return current is not None and bool(json.loads(current.content)["entries"])
