"""What restic could not read of what it was to copy."""

from __future__ import annotations

import json

_GONE = "no such file or directory"


def told(said: str, folders: list[str]) -> str:
    """How much and why, of all that restic says; nothing where files have only gone meanwhile, on their way."""
    errors = [one for one in map(_error, said.splitlines()) if one]
    left = [(item, why) for item, why in errors if not why.endswith(_GONE) or item in folders]
    if left:
        return f"{len(left)} of the files or folders, such as {left[0][0]} ({left[0][1]})"
    return "" if errors else "something that restic does not name"


def _error(line: str) -> tuple[str, str] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.get("message_type") != "error":
        return None
    return str(found.get("item")), str((found.get("error") or {}).get("message"))
