"""The files that a machine is to have, as the program asks for them: rows, each for some releases or for all."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field

from ..system import request
from ..system.failure import Failure
from . import appended_words, env_settings, releases
from .appended_words import AppendedWords
from .releases import Row

MERGED = ("properties", "yaml", "json", "env")
# The format of a file that is ours as a whole.
TEXT = "text"
RANGE = ("since", "before")
_NAMES = {"properties": re.compile(r"[\w.-]+", re.ASCII), "env": env_settings.NAME}


@dataclass(frozen=True)
class Wanted:
    """
    One file: single settings for a merged one, content and mode for one of ours; `restart` names what reads it. With
    `only_if_key` it is merged where it says that key, and never made. `appends`: what a drop-in puts into its unit's
    environment. One that needs the certificate of the machine's name is not there as long as there is none.
    """

    path: str
    format: str
    settings: dict = field(default_factory=dict)
    content: bytes = b""
    restart: tuple[str, ...] = ()
    only_if_key: str | None = None
    appends: AppendedWords | None = None
    needs_certificate: bool = False
    mode: int = 0o644


@dataclass(frozen=True)
class FileRows:
    """One file as it is asked for: rows of (key, value) for a merged one, and rows of units."""

    path: str
    format: str
    settings: list[Row]
    content: bytes
    restart: list[Row]
    only_if_key: str | None
    appends: AppendedWords | None
    needs_certificate: bool


def parse(items: list) -> list[Row]:
    """The checked rows of files; a Failure says which one is wrong."""
    rows = []
    for item in items:
        if not isinstance(item, dict):
            raise Failure("every file of the request must be an object")
        rows += [_file({**item, "path": path}) for path in _paths(request.field(item, "path", str))]
    return rows


def _paths(text: str) -> list[str]:
    """`/a/{b,c}.conf` is one row for two files."""
    braces = re.fullmatch(r"([^{}]*)\{([^{}]*)\}([^{}]*)", text)
    return [f"{braces[1]}{one}{braces[3]}" for one in braces[2].split(",")] if braces else [text]


def for_release(rows: list[Row], release: str) -> list[Wanted]:
    """The files that a node of this release is to have."""
    wanted = [_selected(row.what, release) for row in rows if releases.applies_to(row, release)]
    wanted = [file for file in wanted if file.settings or file.format == TEXT]
    if any(file.appends for file in wanted):
        # Before the drop-ins that run it.
        wanted.insert(0, Wanted(appended_words.SCRIPT, TEXT, content=appended_words.SCRIPT_TEXT))
    return _each_once(wanted)


def for_any(rows: list[Row]) -> list[Wanted]:
    """The files of a machine on which there is no BigBlueButton: none of the rows may depend on its release."""
    for row in rows:
        if any(one.since or one.before for one in (row, *row.what.settings, *row.what.restart)):
            raise Failure(f"{row.what.path}: `since` and `before` have no meaning on this machine")
    return for_release(rows, "0.0")


def _selected(file: FileRows, release: str) -> Wanted:
    settings = [row.what for row in file.settings if releases.applies_to(row, release)]
    restart = tuple(dict.fromkeys(row.what for row in file.restart if releases.applies_to(row, release)))
    keys = [key for key, _ in settings]
    for key in keys:
        if keys.count(key) > 1:
            raise Failure(f"{file.path}: `{key}` is set twice for {release}")
        above = [other for other in keys if file.format == "yaml" and key.startswith(other + ".")]
        if above:
            raise Failure(f"{file.path}: `{above[0]}` and `{key}` cannot both be set: one contains the other")
    rest = (file.only_if_key, file.appends, file.needs_certificate)
    return Wanted(file.path, file.format, dict(settings), file.content, restart, *rest)


def _each_once(wanted: list[Wanted]) -> list[Wanted]:
    paths = [file.path for file in wanted]
    for path in paths:
        if paths.count(path) > 1:
            raise Failure(f"the request names {path} twice")
    return wanted


def _file(item: dict) -> Row:
    path = request.field(item, "path", str)
    if not path.startswith("/") or os.path.normpath(path) != path:
        raise Failure(f"`path` must be absolute and plain, got `{path}`")
    try:
        kind = _kind(item)
        is_merged = kind in MERGED
        said = ("format", "onlyIfKey", "settings") if is_merged else ("needsCertificate", "content", "appends")
        request.only(item, ("path", "restart", *said, *RANGE), "a file")
        settings = [_setting(kind, row) for row in request.field(item, "settings", list)] if is_merged else []
        appends = None if is_merged else request.field(item, "appends", dict, None)
        appends = appends and appended_words.parse(appends)
        content = b"" if is_merged else appends.drop_in() if appends else _content(item)
        units = [_unit(row) for row in request.field(item, "restart", list)]
        rest = request.field(item, "onlyIfKey", str, None), appends
        needs_certificate = request.field(item, "needsCertificate", bool, False)
        return row_of(item, FileRows(path, kind, settings, content, units, *rest, needs_certificate))
    except Failure as error:
        raise Failure(f"{path}: {error}") from None


def _kind(item: dict) -> str:
    """A merged file names its format; one that is ours has none."""
    if "settings" not in item:
        return TEXT
    kind = request.field(item, "format", str)
    if kind not in MERGED:
        raise Failure(f"`format` must be one of {', '.join(MERGED)}, got `{kind}`")
    return kind


def row_of(item: dict, what: object) -> Row:
    """What is wanted, on the releases that `since` and `before` of the request say."""
    since, before = (request.field(item, name, str, None) for name in RANGE)
    if since and before and releases.parse(since)[:3] >= releases.parse(before)[:3]:
        raise Failure(f"`since` {since} must be older than `before` {before}")
    row = Row(what, since, before)
    # Wrong spellings are to be found whatever is installed here.
    releases.applies_to(row, since or before or "0.0")
    return row


def _unit(row: object) -> Row:
    if isinstance(row, str):
        return Row(row)
    if not isinstance(row, dict):
        raise Failure("`restart` must list units, or objects with a `unit`")
    request.only(row, ("unit", *RANGE), "a unit")
    return row_of(row, request.field(row, "unit", str))


def _setting(kind: str, row: object) -> Row:
    if not isinstance(row, dict) or "value" not in row:
        raise Failure("`settings` must list objects with `key` and `value`")
    request.only(row, ("key", "value", *RANGE), "a setting")
    key, value = request.field(row, "key", str), row["value"]
    _refuse_what_no_file_can_hold([key, value], "`settings`")
    if not key:
        raise Failure("a setting has an empty key")
    if kind == "yaml" and not all(key.split(".")):
        raise Failure(f"`{key}` is not a dotted path")
    if kind in _NAMES and not _NAMES[kind].fullmatch(key):
        raise Failure(f"`{key}` is not a name of a variable or property")
    return row_of(row, (key, _as_text(key, value) if kind in ("properties", "env") else value))


def _refuse_what_no_file_can_hold(value: object, where: str) -> None:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise Failure(f"{where} contains an unpaired surrogate, NaN or Infinity") from None


def _as_text(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise Failure(f"`{key}` must be a text, a number, true or false")


def _content(item: dict) -> bytes:
    lines = request.texts(item, "content")
    if item.get("content") is None:
        raise Failure("the file has no `content`")
    _refuse_what_no_file_can_hold(lines, "`content`")
    if any(re.search("[\n\r\0]", line) for line in lines):
        raise Failure("a line of `content` contains a line break")
    return "".join(line + "\n" for line in lines).encode()
