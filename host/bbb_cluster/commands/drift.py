"""Says which of our settings are no longer in force on a node, without changing anything."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os

from ..bigbluebutton import drain, releases
from ..settings import comparison, records, transaction
from ..settings.comparison import Finding
from ..system import files, paths
from ..system.failure import Failure
from ..system.progress import say
from .configure_node import PROFILE, SCOPE


def verify_node(_data: dict) -> dict:
    """Compares the node with the records: every finding on its own, and one digest that changes with them."""
    scopes = records.load()
    here = releases.installed()
    findings = [*_unfinished(), *_release(scopes.get(PROFILE), here), *comparison.look(scopes.get(SCOPE, {}))]
    for finding in findings:
        say(sentence(finding))
    return {
        "ok": not findings,
        "release": here,
        "findings": [finding.as_json() for finding in findings],
        "digest": _digest(findings) if findings else "",
    }


def _digest(findings: list[Finding]) -> str:
    concerned = sorted({finding.path for finding in findings})
    said = [[finding.as_json() for finding in findings], [[path, _mtime(path)] for path in concerned]]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _mtime(path: str) -> int | None:
    try:
        return os.stat(paths.on_host(path)).st_mtime_ns
    except OSError:
        return None


def _unfinished() -> list[Finding]:
    """What a run that was killed has left; a run that still goes on is no finding."""
    if _somebody_is_at_work():
        say("another host program is at work here: what is found now may be in order when it is done")
        return []
    left = [Finding(transaction.JOURNAL, "interrupted")] if files.exists(transaction.JOURNAL) else []
    return left + ([Finding(drain.CONF, "closed")] if files.exists(drain.CONF) else [])


def _somebody_is_at_work() -> bool:
    try:
        with open(paths.on_host(f"{paths.STATE}/lock")) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


def _release(applied: dict | None, here: str | None) -> list[Finding]:
    if not applied:
        return []
    expected = f"{applied['from']} up to {applied['before'] or 'any'}"
    if here is None:
        return [Finding(releases.RELEASE_FILE, "missing", expected=expected)]
    try:
        releases.choose([applied], here)
        fits = applied["before"] is not None or releases.same_line(here, applied["from"])
    except Failure:
        fits = False
    return [] if fits else [Finding(releases.RELEASE_FILE, "release", expected=expected, found=here)]


def sentence(finding: Finding) -> str:
    """A finding for a human reader."""
    where = f"{finding.path}: {finding.key}" if finding.key else finding.path
    said = {
        "missing": "is missing",
        "changed": "was changed",
        "replaced": "was replaced, nothing of ours is in it",
        "unreadable": f"cannot be read: {finding.found}",
        "unread": f"is not yet read by {'systemd' if finding.unit == 'daemon-reload' else finding.unit}",
        "release": f"BigBlueButton {finding.found} is installed, configured is {finding.expected}",
        "interrupted": "an earlier run was interrupted: the next one puts its files back",
        "closed": "an earlier run was killed while it waited for meetings to end: the next one clears up",
    }[finding.state]
    values = []
    if finding.state in ("missing", "changed"):
        values += [f"found {_shown(finding.found)}"] if finding.found is not None else []
        values += [f"expected {_shown(finding.expected)}"] if finding.expected is not None else []
    return f"{where} {said}{': ' if values else ''}{', '.join(values)}"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
