"""Files that are ours as a whole, and what stood in their place before."""

from __future__ import annotations

import hashlib
import json
import re

from ..system.failure import Failure
from ..system.files import Found


def text_of(lines: list[str], kind: str) -> bytes:
    """The file's content; a Failure when it is not what its kind says."""
    text = "".join(line + "\n" for line in lines)
    if kind == "json":
        try:
            json.loads(text)
        except ValueError as error:
            raise Failure(f"not valid JSON: {error}") from None
    if kind == "env":
        for number, line in enumerate(lines, 1):
            if not re.match(r"\s*(?:[#;]|\Z|[A-Za-z_][A-Za-z0-9_]*=)", line):
                raise Failure(f"line {number} is not NAME=value")
    return text.encode("utf-8", "surrogateescape")


def remember(kind: str, content: bytes, found: Found | None, record: dict | None) -> dict:
    """What to write down about a file that becomes ours, or stays so."""
    before = record["before"] if record else None
    if found and not record:
        stood = found.content.decode("utf-8", "surrogateescape")
        before = {"content": stood, "mode": found.mode, "uid": found.uid, "gid": found.gid}
    return {"format": kind, "written": hashlib.sha256(content).hexdigest(), "before": before}


def withdraw(found: Found | None, record: dict) -> tuple[Found | None, bool]:
    """What is to stand there without us, and whether someone else changed the file since, so that it is left."""
    if found is None and not record["before"]:
        return None, False
    if found is None or hashlib.sha256(found.content).hexdigest() != record["written"]:
        return found, True
    before = record["before"]
    if not before:
        return None, False
    content = before["content"].encode("utf-8", "surrogateescape")
    return Found(content, before["mode"], before["uid"], before["gid"]), False
