"""Files that are ours as a whole, and what was in their place before."""

from __future__ import annotations

import hashlib

from ..system.files import FileState


def remember(kind: str, content: bytes, found: FileState | None, record: dict | None) -> dict:
    """What to write down about a file that becomes ours, or stays so."""
    before = record["before"] if record else None
    if found and not record:
        text = found.content.decode("utf-8", "surrogateescape")
        before = {"content": text, "mode": found.mode, "uid": found.uid, "gid": found.gid}
    return {"format": kind, "written": hashlib.sha256(content).hexdigest(), "before": before}


def withdraw(found: FileState | None, record: dict) -> tuple[FileState | None, bool]:
    """What is to be there without us, and whether someone else changed the file since, so that it is kept."""
    if found is None and not record["before"]:
        return None, False
    if found is None or hashlib.sha256(found.content).hexdigest() != record["written"]:
        return found, True
    before = record["before"]
    if not before:
        return None, False
    content = before["content"].encode("utf-8", "surrogateescape")
    return FileState(content, before["mode"], before["uid"], before["gid"]), False
