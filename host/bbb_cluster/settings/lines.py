"""Lines of a text: which one a position is in, and how they end."""

from __future__ import annotations

import re

LINE_BREAK = re.compile(r"\r\n|\n|\r")


def number_at(text: str, position: int) -> int:
    """The number of the line that a position is in; the first is 1."""
    return len(LINE_BREAK.findall(text[:position])) + 1


def line_break(text: str) -> str:
    """The line break that the text uses."""
    found = LINE_BREAK.search(text)
    return found.group() if found else "\n"
