"""The files that a machine is to have, as the program asks for them."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass

from ..system import request
from ..system.failure import Failure

MERGED = ("properties", "yaml")
WHOLE = ("json", "text", "env")


@dataclass(frozen=True)
class Wanted:
    """One file: single settings for a merged one, content for one of ours; `restart` names what reads it."""

    path: str
    format: str
    settings: dict
    content: list[str]
    mode: int
    owner: str
    restart: tuple[str, ...]


def parse(items: list) -> list[Wanted]:
    """The wanted files; a Failure says which one is wrong."""
    files = []
    for item in items:
        if not isinstance(item, dict):
            raise Failure("every file of the manifest must be an object")
        files.append(_file(item))
    paths = [file.path for file in files]
    for path in paths:
        if paths.count(path) > 1:
            raise Failure(f"the manifest names {path} twice")
    return files


def _file(item: dict) -> Wanted:
    path = request.field(item, "path", str)
    if not path.startswith("/") or os.path.normpath(path) != path:
        raise Failure(f"`path` must be absolute and plain, got `{path}`")
    try:
        kind = request.field(item, "format", str)
        if kind not in MERGED + WHOLE:
            raise Failure(f"`format` must be one of {', '.join(MERGED + WHOLE)}, got `{kind}`")
        mode = request.field(item, "mode", str, "0644")
        if not re.fullmatch(r"0?[0-7]{3}", mode):
            raise Failure(f"`mode` must be three octal digits, got `{mode}`")
        return Wanted(
            path,
            kind,
            _settings(kind, request.field(item, "set", dict)) if kind in MERGED else {},
            _lines(item) if kind in WHOLE else [],
            int(mode, 8),
            request.field(item, "owner", str, "root:root"),
            tuple(request.texts(item, "restart")),
        )
    except Failure as error:
        raise Failure(f"manifest, {path}: {error}") from None


def _lines(item: dict) -> list[str]:
    request.field(item, "content", list)
    lines = request.texts(item, "content")
    if any(re.search("[\n\r\0\ud800-\udfff]", line) for line in lines):
        raise Failure("a line of `content` has a line break or half a character in it")
    return lines


def _settings(kind: str, settings: dict) -> dict:
    try:
        # JSON may hold halves of characters, which no file can.
        json.dumps(settings, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise Failure("`set` has half a character or a number that is none in it") from None
    if "" in settings:
        raise Failure("`set` has an empty key in it")
    if kind == "properties":
        return {key: _property(key, value) for key, value in settings.items()}
    for key in settings:
        if not all(key.split(".")):
            raise Failure(f"`{key}` is not a dotted path")
        above = [other for other in settings if key.startswith(other + ".")]
        if above:
            raise Failure(f"`{above[0]}` and `{key}` cannot both be set: one contains the other")
    return dict(settings)


def _property(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise Failure(f"`{key}` must be a text, a number, true or false")
