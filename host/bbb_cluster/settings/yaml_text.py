"""Values as YAML text that every reader of YAML 1.1 and 1.2 understands alike."""

from __future__ import annotations

import re

import yaml

_PLAIN = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*://|/)?[A-Za-z_][A-Za-z0-9_./-]*(?::[0-9]+)?[A-Za-z0-9_./-]*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def render(value: object, flow: bool) -> str:
    """A JSON value on one line; `flow` when it stands inside braces or brackets."""
    if isinstance(value, str):
        return _string(value, flow)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(str(k), True)}: {render(v, True)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(render(item, True) for item in value) + "]"
    return yaml.safe_dump(value).replace("\n...", "").strip()


def _string(value: str, flow: bool) -> str:
    if not flow and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return yaml.safe_dump(value, default_style='"', width=float("inf"), allow_unicode=True).strip()


def name(key: str, flow: bool) -> str:
    """A key as text."""
    return _string(key, flow and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key))


def block(names: list[str], value: object, column: int, step: int, line_break: str) -> str:
    """Lines for a key, with the maps around it that do not exist yet, the first one at `column`."""
    lines = []
    for depth, key in enumerate(names):
        tail = f" {render(value, False)}" if depth == len(names) - 1 else ""
        lines.append(" " * (column + depth * step) + name(key, False) + ":" + tail + line_break)
    return "".join(lines)


def inline(names: list[str], value: object) -> str:
    """The same inside braces: `a: {b: 1}`."""
    text = render(value, True)
    for key in reversed(names[1:]):
        text = "{" + f"{name(key, True)}: {text}" + "}"
    return f"{name(names[0], True)}: {text}"
