"""Compares the files of a machine with the records of what we set. Reads, but writes nothing."""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass

from ..system import files, processes, progress
from ..system.failure import Failure
from ..system.files import FileState
from . import encoding, merge, owned_file
from .manifest import MERGED

_SECRET = re.compile(r"(?i)secret|salt|passw|passphrase|token|credential|private|api[-_.]?key")
LONGEST = 200
UNITS = "ActiveState,NeedDaemonReload,ExecMainStartTimestampMonotonic"


@dataclass(frozen=True)
class Finding:
    """
    One thing that is not as it was configured. `state` is missing, changed, replaced, unreadable, unread (then `unit`
    has not read the file since it changed), overridden (then `found` says where), stopped (the unit), refused (by the
    unit), in the way (of ours, and `found` says how), short (less is granted than it asks for), expired, release,
    interrupted or closed.
    """

    path: str
    state: str
    key: str | None = None
    expected: str | None = None
    found: str | None = None
    unit: str | None = None

    def as_json(self) -> dict:
        """The finding without what it does not say, as texts that may be shown: no control characters, no secrets."""
        return {name: progress.clean(value) for name, value in vars(self).items() if value is not None}


def compare(remembered: dict) -> list[Finding]:
    """Compares every file of the records with what is there, and with what the services have read."""
    found = {path: _read(path) for path in remembered}
    findings = [finding for path, record in remembered.items() for finding in _file(path, found[path], record)]
    return findings + _unread(remembered, found)


def compare_bytes(path: str, written: str, mode: int) -> list[Finding]:
    """Compares a file of root's with the SHA-256 of what was written."""
    uid, gid = files.root_ids()
    return _file(path, _read(path), {"format": "text", "written": written, "mode": mode, "uid": uid, "gid": gid})


def unread(remembered: dict) -> list[Finding]:
    """Only what is as we wrote it, but has not been read by a service that runs."""
    return _unread(remembered, {path: _read(path) for path in remembered})


def _read(path: str) -> FileState | Failure | None:
    try:
        return files.read(path)
    except Failure as error:
        return error


def _file(path: str, found: FileState | Failure | None, record: dict) -> list[Finding]:
    if isinstance(found, Failure):
        return [Finding(path, "unreadable", found=str(found))]
    try:
        is_merged = record["format"] in MERGED
        text = encoding.text_of(found.content, record["format"]) if found and is_merged else None
        if "onlyIfKey" in record and not merge.says(record["format"], text, record["onlyIfKey"]):
            return _without_key(path, text, record)
        if found is None:
            return [Finding(path, "missing")]
        if not is_merged:
            return _owned(path, found, record)
        return _merged(path, text, record)
    except Failure as error:
        return [Finding(path, "unreadable", found=progress.clean(str(error)))]


def _without_key(path: str, text: str | None, record: dict) -> list[Finding]:
    """A file that is not one to set anything in is to have nothing of ours."""
    if text is None or merge.is_waiting(record):
        return []
    settings = merge.FORMATS[record["format"]]
    left = [key for key, value in merge.wanted_of(record).items() if settings.holds(text, key, value)]
    return [Finding(path, "missing", record["onlyIfKey"])] if left else []


def _owned(path: str, found: FileState, record: dict) -> list[Finding]:
    if not as_written(found, record):
        before = record.get("before")
        back = before and found.content == owned_file.content_of(before)
        return [Finding(path, "replaced" if back else "changed")]
    rights = {"mode": f"{found.mode:04o}", "owner": f"{found.uid}:{found.gid}"}
    ours = {"mode": f"{record['mode']:04o}", "owner": f"{record['uid']}:{record['gid']}"}
    return [Finding(path, "changed", key, ours[key], rights[key]) for key in rights if rights[key] != ours[key]]


def _merged(path: str, text: str, record: dict) -> list[Finding]:
    settings = merge.FORMATS[record["format"]]
    wanted = merge.wanted_of(record)
    lost = {key: value for key, value in wanted.items() if not settings.holds(text, key, value)}
    if len(lost) == len(wanted) > 1:
        return [Finding(path, "replaced")]
    secret = record.get("secret", [])
    return [_setting(path, key, value, settings.shown(text, key), key in secret) for key, value in lost.items()]


def _setting(path: str, key: str, wanted: object, found: str | None, is_secret: bool) -> Finding:
    state = "missing" if found is None else "changed"
    if is_secret or _SECRET.search(key) or _SECRET.search(json.dumps(wanted)) or _SECRET.search(found or ""):
        return Finding(path, state, key)
    return Finding(path, state, key, _shown(wanted), None if found is None else _shown(found))


def _shown(value: object) -> str:
    return progress.clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:LONGEST]


def as_written(found: FileState, record: dict) -> bool:
    """Whether a file is byte for byte as we wrote it."""
    return hashlib.sha256(found.content).hexdigest() == record["written"]


def _unread(remembered: dict, found: dict) -> list[Finding]:
    read_by = {path: _watched(record["restart"]) for path, record in remembered.items()}
    started = _started(list(dict.fromkeys(unit for units in read_by.values() for unit in units)))
    findings = []
    for path, units in read_by.items():
        there = found[path]
        if not isinstance(there, FileState) or not as_written(there, remembered[path]):
            continue
        for unit in units:
            since, stale = started.get(unit, (None, False))
            stale = stale and path.startswith("/etc/systemd/system/")
            findings += [Finding(path, "unread", unit="daemon-reload")] if stale else []
            if since is not None and (stale or since < there.mtime_ns):
                findings.append(Finding(path, "unread", unit=unit))
    return list(dict.fromkeys(findings))


def _watched(units: list[str]) -> list[str]:
    """Units of which systemd knows when they began: a reload of nginx leaves no such trace."""
    return [unit for unit in units if unit not in ("nginx", "daemon-reload") and "*" not in unit]


def _started(units: list[str]) -> dict[str, tuple[int | None, bool]]:
    """When the running ones of the units began, in nanoseconds, and whether systemd knows an older unit file."""
    if not units:
        return {}
    shown = processes.run(["systemctl", "show", "-p", UNITS, *units]).out
    states = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in shown.split("\n\n")]
    # Monotonic: older releases of systemd print times only as texts in the machine's own time zone.
    boot = time.time_ns() - time.monotonic_ns()
    answer = {}
    for unit, state in zip(units, states):
        began = state.get("ExecMainStartTimestampMonotonic", "")
        known = state.get("ActiveState") == "active" and began.isdigit() and began != "0"
        answer[unit] = (boot + int(began) * 1000 if known else None, state.get("NeedDaemonReload") == "yes")
    return answer
