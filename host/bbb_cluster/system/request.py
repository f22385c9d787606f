"""What the caller asks for on standard input, checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .failure import Failure

_HOSTNAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_NAMES = {str: "a text", int: "a number", bool: "true or false", list: "a list", dict: "an object"}
REQUIRED = object()


def only(data: dict, known: Iterable[str], where: str = "the request") -> None:
    """Refuses fields that nobody would read: a typo must not be silently without effect."""
    for name in data:
        if name not in known:
            raise Failure(f"`{name}` is not a known key of {where}; known keys: {', '.join(known)}")


def field(data: dict, name: str, kind: type, default: object = REQUIRED):
    """One field of the request; null counts as omitted."""
    value = data.get(name)
    if value is None:
        if default is REQUIRED:
            raise Failure(f"the request has no `{name}`: expected {_NAMES[kind]}")
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Failure(f"`{name}` in the request must be {_NAMES[kind]}, got {type(value).__name__}")
    return value


def texts(data: dict, name: str) -> list[str]:
    """A list of texts, empty when omitted."""
    values = field(data, name, list, [])
    if not all(isinstance(value, str) for value in values):
        raise Failure(f"`{name}` in the request must be a list of texts")
    return values


def hostname(data: dict, name: str) -> str:
    """A host name with a domain."""
    value = field(data, name, str)
    if not _HOSTNAME.fullmatch(value):
        raise Failure(f"`{name}` must be a host name with a domain in lower case, got `{value}`")
    return value
