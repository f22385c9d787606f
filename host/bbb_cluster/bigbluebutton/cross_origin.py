"""Whether the pages of the proxy may use this node, asked on the node itself as a browser asks it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..settings import manifest
from ..settings.releases import Row
from ..system import curl, request
from ..system.failure import Failure
from ..system.waiting import wait_while
from . import overrides

SECONDS = 180
METHODS = ("GET", "OPTIONS")
FIELDS = ("origin", "method", "path", "unit", "variable", *manifest.RANGE)


@dataclass(frozen=True)
class Permission:
    """A request of a page of `origin` that is to be allowed, by a variable in the environment of a unit."""

    origin: str
    method: str
    path: str
    unit: str
    variable: str


def parse(items: list) -> list[Row]:
    """The checked rows of permissions."""
    rows = []
    for item in items:
        if not isinstance(item, dict):
            raise Failure("every entry of `crossOrigin` must be an object")
        request.only(item, FIELDS, "a permission")
        permission = Permission(*(request.field(item, name, str) for name in FIELDS[:5]))
        if permission.method not in METHODS:
            raise Failure(f"`method` must be one of {', '.join(METHODS)}, got `{permission.method}`")
        if not re.fullmatch(r"https://[^/\s]+", permission.origin) or not permission.path.startswith("/"):
            raise Failure(f"`origin` and `path` must be like https://bbb.example.com and /api, got {item}")
        rows.append(manifest.row_of(item, permission))
    return rows


def prove(hostname: str, wanted: list[Permission]) -> None:
    """A Failure that says what is not allowed, and what may be in the way."""
    for permission in wanted:
        trouble = wait_while(lambda: _trouble(hostname, permission), SECONDS, 1)  # noqa: B023
        if trouble:
            raise Failure(f"{trouble}: {_cause(permission)}")


def _trouble(hostname: str, permission: Permission) -> str:
    headers = {"Origin": permission.origin}
    if permission.method == "OPTIONS":
        headers["Access-Control-Request-Method"] = "GET"
    answer = curl.ask(permission.method, f"https://{hostname}{permission.path}", headers, "127.0.0.1")
    allowed = answer.headers.get("access-control-allow-origin", "nobody")
    credentials = answer.headers.get("access-control-allow-credentials", "no")
    if (allowed, credentials) == (permission.origin, "true"):
        return ""
    seen = f"{answer.reason}, allowed is {allowed}, credentials: {credentials}" if answer.status else answer.reason
    return f"pages of {permission.origin} may not use {permission.path} of this node ({permission.method}: {seen})"


def _cause(permission: Permission) -> str:
    unit, name = permission.unit, permission.variable
    return (
        f"{unit} is told to allow it by {name}; look at {overrides.places(unit, name, '')} and `journalctl -u {unit}`"
    )
