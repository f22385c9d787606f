"""Single settings of a JSON file, by the name of a member of its object: every other byte stays as it was."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ..system.failure import Failure
from .lines import LINE_BREAK, number_at

_BLANK = re.compile(r"[ \t\n\r]*")
# What `parents` calls the object itself: what stood between its braces, or None where there was no object.
_OBJECT = ""


@dataclass(frozen=True)
class Member:
    """A member of the object, and where it stands: name, value, and the end of what is in front of it (`{` or `,`)."""

    name: str
    value: object
    after: int
    start: int
    value_start: int
    end: int


@dataclass(frozen=True)
class Document:
    """The members of the object, and where its braces are; without an object (an empty file) none of them."""

    members: list[Member]
    open: int = -1
    close: int = -1

    def find(self, name: str) -> Member | None:
        """The member that readers see: the last of that name."""
        return next((member for member in reversed(self.members) if member.name == name), None)


def parse(text: str) -> Document:
    """The object as `JSON.parse` reads it; a Failure names the line that is not JSON."""
    if not text.strip(" \t\n\r"):
        return Document([])
    try:
        return _object(text)
    except (ValueError, RecursionError) as error:
        line = number_at(text, getattr(error, "pos", 0))
        problem = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise Failure(f"not valid JSON, line {line}: {problem}") from None


def _object(text: str) -> Document:
    position = start = _blank(text, 0)
    _expect(text, position, "{")
    members = []
    closed = _blank(text, position + 1)
    while text[closed : closed + 1] != "}":
        member = _member(text, position + 1)
        members.append(member)
        closed = position = _blank(text, member.end)
        if text[closed : closed + 1] != "}":
            _expect(text, position, ",")
    if _blank(text, closed + 1) < len(text):
        raise json.JSONDecodeError("there is something behind the object", text, _blank(text, closed + 1))
    return Document(members, start, closed)


def _member(text: str, after: int) -> Member:
    start = _blank(text, after)
    _expect(text, start, '"')
    name, position = _DECODER.raw_decode(text, start)
    position = _blank(text, position)
    _expect(text, position, ":")
    value_start = _blank(text, position + 1)
    value, end = _DECODER.raw_decode(text, value_start)
    return Member(name, value, after, start, value_start, end)


def _blank(text: str, position: int) -> int:
    return _BLANK.match(text, position).end()


def _expect(text: str, position: int, character: str) -> None:
    if text[position : position + 1] != character:
        raise json.JSONDecodeError(f"expected `{character}`", text, position)


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def render(value: object) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def holds(text: str, key: str, value: object) -> bool:
    """Whether a reader sees exactly this value."""
    member = parse(text).find(key)
    return member is not None and _canonical(member.value) == _canonical(value)


def shown(text: str, key: str) -> str | None:
    """What stands there, for a human reader; None when the key is absent."""
    member = parse(text).find(key)
    return text[member.value_start : member.end] if member else None


def put(text: str, key: str, value: object, parents: dict) -> tuple[str, str | None]:
    """Sets a key where it stands or behind the last one; also returns the raw text that stood there, or None."""
    return _put(text, key, render(value), parents)


def _put(text: str, key: str, raw: str, parents: dict) -> tuple[str, str | None]:
    document = parse(text)
    member = document.find(key)
    if member:
        return text[: member.value_start] + raw + text[member.end :], text[member.value_start : member.end]
    fresh = f"{render(key)}: {raw}"
    if document.open < 0:
        parents.setdefault(_OBJECT, None)
        return f"{{\n  {fresh}\n}}\n", None
    if not document.members:
        inside = text[document.open + 1 : document.close]
        parents.setdefault(_OBJECT, inside)
        line_break = LINE_BREAK.search(text)
        around = line_break.group() if line_break else ""
        indent = around + "  " if around else ""
        return text[: document.open + 1] + indent + fresh + around + text[document.close :], None
    last = document.members[-1]
    return f"{text[: last.end]},{text[last.after : last.start] or ' '}{fresh}{text[last.end :]}", None


def revert(text: str, key: str, raw: str | None, parents: dict) -> str:
    """Puts back what stood behind a key, or takes the key away when there was none."""
    if raw is not None:
        return _put(text, key, raw, {})[0]
    document = parse(text)
    member = document.find(key)
    if not member:
        return text
    place = document.members.index(member)
    if len(document.members) == 1:
        inside = parents.get(_OBJECT, "")
        around = text[: document.open] + text[document.close + 1 :]
        if inside is None and not around.strip(" \t\n\r"):
            return ""
        return text[: document.open + 1] + (inside or "") + text[document.close :]
    if place > 0:
        return text[: document.members[place - 1].end] + text[member.end :]
    return text[: member.start] + text[document.members[1].start :]


def foreign(text: str, keys: set[str]) -> object:
    """Everything that is not about these keys, for comparison."""
    return [(member.name, _canonical(member.value)) for member in parse(text).members if member.name not in keys]
