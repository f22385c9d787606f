"""The text of a file that is merged, as its reader would decode it; what its reader could not read is refused."""

from __future__ import annotations

import codecs
import re

from ..system.failure import Failure

_UTF16 = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
# Longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), *_UTF16)
_LINE_BREAK = re.compile(rb"\r\n|\n|\r")
# Java reads bytes as Latin-1; ours are ASCII, so that UTF-8 or Latin-1 of others may stay as it is.
_ANY_BYTES = ("properties",)
# YAML allows a mark in front; the first key or name of the others would be another one with it.
_MARK_ALLOWED = ("yaml",)


def text_of(content: bytes, format_name: str) -> str:
    """The text; what is not UTF-8 in it is kept where its reader takes it, else a Failure names the line."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            raise Failure(f"line 1: the file is {name}: {_remedy(name.lower())}")
    if b"\0" in content:
        raise Failure(
            f"line {_line(content, content.index(0))} has a zero byte: if the file is UTF-16, {_remedy('utf-16le')}"
        )
    if content.startswith(codecs.BOM_UTF8) and format_name not in _MARK_ALLOWED:
        raise Failure("line 1 begins with a byte order mark: save the file as UTF-8 without one")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if format_name in _ANY_BYTES:
            return content.decode("utf-8", "surrogateescape")
        where = f"line {_line(content, error.start)} is not UTF-8"
        raise Failure(f"{where}: if the file is Latin-1, {_remedy('latin1')}") from None


def _line(content: bytes, position: int) -> int:
    return len(_LINE_BREAK.findall(content[:position])) + 1


def _remedy(encoding: str) -> str:
    return f"convert it with `iconv -f {encoding} -t utf-8`, then run again"
