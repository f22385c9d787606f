"""Files that are ours as a whole, and what was in their place before."""

from __future__ import annotations

import base64
import hashlib

from ..system.files import FileState


def remember(kind: str, content: bytes, found: FileState | None, record: dict | None) -> dict:
    """What to write down about a file that becomes ours, or stays so."""
    before = record["before"] if record else _original(found)
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
    return FileState(content_of(before), before["mode"], before["uid"], before["gid"]), False


def renewed(found: FileState | None, record: dict) -> dict:
    """The record of a file that a package may have written: its own is what was there before ours."""
    if found and hashlib.sha256(found.content).hexdigest() == record["written"]:
        return record
    return {**record, "before": _original(found)}


def _original(found: FileState | None) -> dict | None:
    if found is None:
        return None
    rights = {"mode": found.mode, "uid": found.uid, "gid": found.gid}
    try:
        return {"content": found.content.decode("utf-8"), **rights}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(found.content).decode("ascii"), **rights}


def content_of(before: dict) -> bytes:
    """The bytes of what was there before."""
    if "base64" in before:
        return base64.b64decode(before["base64"])
    return before["content"].encode("utf-8", "surrogateescape")
