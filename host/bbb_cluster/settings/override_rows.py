"""What an administrator sets in files of the cluster's: rows in front of its own, or in their place."""

from __future__ import annotations

from ..system import request
from ..system.failure import Failure


def by_path(files: list) -> dict[str, list]:
    """The checked rows of a request, by path of their file."""
    for file in files:
        request.only(_object(file, "a file"), ("path", "settings"), "a file")
        request.field(file, "path", str)
        for row in request.field(file, "settings", list):
            request.only(_object(row, "a setting"), ("key", "value"), "a setting")
            request.field(row, "key", str)
    return {file["path"]: file["settings"] for file in files}


def _object(item: object, what: str) -> dict:
    if not isinstance(item, dict):
        raise Failure(f"{what} of the request must be an object")
    return item


def put_in(items: list, rows: dict[str, list]) -> list:
    """The files with these rows in front; a row of the file's own gives way to one of the same key."""
    merged = {item["path"] for item in items if isinstance(item, dict) and "settings" in item and "path" in item}
    for path in rows:
        if path not in merged:
            raise Failure(f"{path}: there are settings for it, but the cluster has no such file")
    return [_with(item, rows[item["path"]]) if _path(item) in rows else item for item in items]


def _path(item: object) -> object:
    return item.get("path") if isinstance(item, dict) else None


def _with(item: dict, rows: list) -> dict:
    taken = [row["key"] for row in rows]
    own = [
        row for row in request.field(item, "settings", list) if not (isinstance(row, dict) and row.get("key") in taken)
    ]
    return {**item, "settings": [*rows, *own]}
