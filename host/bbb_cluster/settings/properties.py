"""Java properties as text: what they say, and single keys set or put back with every other byte as it was."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ..system.failure import Failure
from .lines import line_break, number_at

_BLANK = " \t\f"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
# A line of one backslash joins nothing to nothing: as far as it goes it is not there.
_NOTHING = re.compile(r"[ \t\f]*\\(?:\r\n|\r|\n|\Z)")
_NAMED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class Pair:
    """One key with its value, and where it stands: key end, value start, end without and with the line break."""

    key: str
    value: str
    start: int
    key_end: int
    value_start: int
    end: int
    line_end: int


@functools.lru_cache(maxsize=128)
def parse(text: str) -> tuple[Pair, ...]:
    """All pairs in file order; a Failure names the line that Java could not read."""
    found = []
    position = 0
    while position < len(text):
        nothing = _NOTHING.match(text, position)
        if nothing:
            position = nothing.end()
            continue
        start, position = position, _logical_end(text, position)
        line = text[start:position]
        body = line.lstrip(_BLANK)
        if body.rstrip("\r\n") and body[0] not in "#!":
            try:
                found.append(_pair(text, start, position))
            except ValueError:
                raise Failure(f"line {number_at(text, start)} has \\u without four hexadecimal digits") from None
    return tuple(found)


def _logical_end(text: str, position: int) -> int:
    line = _LINE.match(text, position)
    if line.group().lstrip(_BLANK).startswith(("#", "!")):
        return line.end()
    while line.end() < len(text) and _continues(line.group()):
        line = _LINE.match(text, line.end())
    return line.end()


def _continues(line: str) -> bool:
    body = line.rstrip("\r\n")
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _pair(text: str, start: int, line_end: int) -> Pair:
    end = start + len(text[start:line_end].rstrip("\r\n"))
    # A dangling backslash at the end may have taken an empty line with it: only the last break ends the pair.
    end = max(end, line_end - len(_final_break(text[start:line_end])))
    begin = start
    while text[begin : begin + 1] in _BLANK and begin < end:
        begin += 1
    key_end = begin
    while key_end < end and text[key_end] not in "=:" + _BLANK:
        key_end = min(_skip_escape(text, key_end, end), end)
    value_start = _skip_blank(text, key_end, end)
    if text[value_start : value_start + 1] in ("=", ":") and value_start < end:
        value_start = _skip_blank(text, value_start + 1, end)
    key, value = _unescape(text[begin:key_end]), _unescape(text[value_start:end])
    return Pair(key, value, start, key_end, value_start, end, line_end)


def _final_break(line: str) -> str:
    return re.search(r"(?:\r\n|\n|\r)?\Z", line).group()


_JOIN = re.compile(r"\\(?:\r\n|\n|\r)[ \t\f]*")


def _skip_escape(text: str, position: int, end: int) -> int:
    if text[position] != "\\":
        return position + 1
    join = _JOIN.match(text, position, end)
    return join.end() if join else position + 2


def _skip_blank(text: str, position: int, end: int) -> int:
    while position < end:
        join = _JOIN.match(text, position, end)
        if join:
            position = join.end()
        elif text[position] in _BLANK:
            position += 1
        else:
            break
    return position


def _unescape(raw: str) -> str:
    def one(match: re.Match) -> str:
        letter = match.group(1)
        if letter.startswith("u"):
            if len(letter) != 5:
                raise ValueError(letter)
            return chr(int(letter[1:], 16))
        return _NAMED.get(letter, letter)

    value = re.sub(r"\\(u[0-9a-fA-F]{4}|.|\Z)", one, _JOIN.sub("", raw), flags=re.DOTALL)
    # Two escaped halves are one character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if "\\u" in raw else value


def _escape(value: str, leading: str) -> str:
    out = []
    for c in value:
        if c in "\\\n\r\t\f":
            out.append({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}[c])
        elif " " <= c <= "~":
            out.append(c)
        else:
            units = c.encode("utf-16-be", "surrogatepass").hex()
            out.extend("\\u" + units[i : i + 4] for i in range(0, len(units), 4))
    text = "".join(out)
    return "\\" + text if text[:1] in leading and text else text


def _escape_key(key: str) -> str:
    return re.sub(r"([=: ]|^[#!])", r"\\\1", _escape(key, ""))


def value_of(text: str, key: str) -> str | None:
    """The value that a reader sees (the last one wins), None when the key is absent."""
    values = [pair.value for pair in parse(text) if pair.key == key]
    return values[-1] if values else None


def shown(text: str, key: str) -> str | None:
    """What stands there, for a human reader; None when the key is absent."""
    return value_of(text, key)


def holds(text: str, key: str, value: str) -> bool:
    """Whether a reader sees exactly this value."""
    return value_of(text, key) == value


def put(text: str, key: str, value: str, _parents: dict) -> tuple[str, str | None]:
    """Sets a key where it stands or at the end; also returns the raw text after the key that stood there, or None."""
    pairs = [pair for pair in parse(text) if pair.key == key]
    if pairs:
        last = pairs[-1]
        separator = text[last.key_end : last.value_start]
        if "=" not in separator and ":" not in separator:
            separator = "="
        fresh = separator + _escape(value, _BLANK)
        return text[: last.key_end] + fresh + text[last.end :], text[last.key_end : last.end]
    ending = line_break(text)
    if text and not text.endswith(("\n", "\r")):
        text += ending
    if _swallows(text):
        text += ending
    return f"{text}{_escape_key(key)}={_escape(value, _BLANK)}{ending}", None


def _swallows(text: str) -> bool:
    """Whether a line added at the end would become the continuation of the last one."""
    return len(parse(text + "probe=")) == len(parse(text))


def revert(text: str, key: str, raw: str | None, _parents: dict) -> str:
    """Puts back what stood behind a key, or takes the key away when there was none."""
    pairs = [pair for pair in parse(text) if pair.key == key]
    if not pairs:
        if raw is None:
            return text
        text, _ = put(text, key, "", {})
        return revert(text, key, raw, {})
    last = pairs[-1]
    if raw is None:
        return text[: last.start] + text[last.line_end :]
    if text[last.end :].strip("\r\n") and raw[-1:] not in ("\n", "\r") and _continues(raw):
        # It stood at the end of the file, where a last backslash says nothing; here it would take the next line.
        raw = re.sub(r"(?:\\(?:\r\n|\n|\r)[ \t\f]*)*\\\Z", "", raw)
    return text[: last.key_end] + raw + text[last.end :]


def foreign(text: str, keys: set[str]) -> object:
    """Everything that is not about these keys, for comparison."""
    return [(pair.key, pair.value) for pair in parse(text) if pair.key not in keys]
