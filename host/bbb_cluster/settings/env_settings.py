"""
Files of NAME=value as systemd reads them (EnvironmentFile=): single variables set or put back, every other byte as it
was. The rules are those of parse_env_file_internal in systemd's src/basic/env-file.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..system.failure import Failure
from .lines import LINE_BREAK, line_break, number_at

_BREAK = "\n\r"
_BLANK = " \t\n\r"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Pair:
    """One variable with its value, and where it stands: line start, behind the `=`, end without and with the break."""

    name: str
    value: str
    start: int
    value_start: int
    end: int
    line_end: int


def parse(text: str) -> list[Pair]:
    """All assignments in file order; a Failure names the line with a quote that is not closed."""
    pairs, position = [], 0
    while position < len(text):
        start = position
        while position < len(text) and text[position] in _BLANK:
            position += 1
            if text[position - 1] in _BREAK:
                start = position
        if position == len(text):
            break
        if text[position] in "#;":
            position = _end_of_comment(text, position)
            continue
        equals = re.compile(r"[^=\r\n]*").match(text, position).end()
        if text[equals : equals + 1] != "=":
            position = equals
            continue
        value, end = _value(text, equals + 1)
        line_end = LINE_BREAK.match(text, end).end() if end < len(text) else end
        pairs.append(Pair(text[position:equals].rstrip(_BLANK), value, start, equals + 1, end, line_end))
        position = line_end
    return pairs


def _end_of_comment(text: str, position: int) -> int:
    # Before version 254, a backslash at its end let a comment go on in the next line.
    return re.compile(r"(?:[^\\\r\n]|\\[\s\S]|\\\Z)*").match(text, position).end()


def _value(text: str, position: int) -> tuple[str, int]:
    """The value that begins at a position, and where it ends."""
    value, kept, plain = [], 0, False
    while position < len(text) and text[position] not in _BREAK:
        c = text[position]
        if plain and c != "\\":
            value.append(c)
            kept = kept if c in _BLANK else len(value)
            position += 1
        elif c == "\\":
            escaped = text[position + 1 : position + 2]
            value += [] if escaped in _BREAK else [escaped]
            position, plain, kept = min(position + 2, len(text)), True, len(value)
        elif c in "'\"":
            inner, position = _quoted(text, position)
            value += inner
            kept = len(value)
        elif c in _BLANK:
            position += 1
        else:
            plain = True
    return "".join(value[:kept]), position


def _quoted(text: str, position: int) -> tuple[list[str], int]:
    quote, start, value = text[position], position, []
    position += 1
    while position < len(text) and text[position] != quote:
        c = text[position]
        if c == "\\" and quote == '"':
            position += 1
            escaped = text[position : position + 1]
            value += [escaped] if escaped and escaped in '"\\`$' else [] if escaped == "\n" else ["\\", *escaped]
        else:
            value.append(c)
        position += 1
    if position >= len(text):
        raise Failure(f"line {number_at(text, start)} has a quote that is not closed")
    return value, position + 1


def render(value: str) -> str:
    """A value in quotes, which shells understand alike."""
    return '"' + re.sub(r'(["\\`$])', r"\\\1", value) + '"'


def value_of(text: str, key: str) -> str | None:
    """The value that a reader sees (the last one wins), None when the variable is not set."""
    values = [pair.value for pair in parse(text) if pair.name == key]
    return values[-1] if values else None


def shown(text: str, key: str) -> str | None:
    """What stands there, for a human reader; None when the variable is not set."""
    return value_of(text, key)


def holds(text: str, key: str, value: str) -> bool:
    """Whether a reader sees exactly this value."""
    return value_of(text, key) == value


def put(text: str, key: str, value: str, _parents: dict) -> tuple[str, str | None]:
    """Sets a variable where it stands or at the end; also returns the raw text that stood there, or None."""
    pairs = [pair for pair in parse(text) if pair.name == key]
    if pairs:
        last = pairs[-1]
        return text[: last.value_start] + render(value) + text[last.end :], text[last.value_start : last.end]
    ending = line_break(text)
    if text and text[-1] not in _BREAK:
        text += ending
    if text and len(parse(text + "PROBE=")) == len(parse(text)):
        # The last line ends in a backslash, which would take ours with it.
        text += ending
    return f"{text}{key}={render(value)}{ending}", None


def revert(text: str, key: str, raw: str | None, _parents: dict) -> str:
    """Puts back what stood behind a name, or takes the variable away when it was not set."""
    pairs = [pair for pair in parse(text) if pair.name == key]
    if not pairs:
        return text if raw is None else revert(put(text, key, "", {})[0], key, raw, {})
    last = pairs[-1]
    if raw is None:
        return text[: last.start] + text[last.line_end :]
    if text[last.end :] and re.search(r"(?<!\\)(?:\\\\)*\\\Z", raw):
        # It stood at the end of the file, where a last backslash says nothing; here it would take the next line.
        raw = raw[:-1]
    return text[: last.value_start] + raw + text[last.end :]


def foreign(text: str, keys: set[str]) -> object:
    """Everything that is not about these variables, for comparison."""
    return [(pair.name, pair.value) for pair in parse(text) if pair.name not in keys]
