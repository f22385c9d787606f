"""Whether the pages of the proxy may use this node, asked on the node itself as a browser asks it."""

from __future__ import annotations

from dataclasses import dataclass

from ..settings import releases
from ..settings.releases import Row
from ..system import curl
from ..system.failure import Failure
from ..system.waiting import wait_while
from . import overrides

SECONDS = 180


@dataclass(frozen=True)
class Permission:
    """A request of a page that is to be allowed, by a variable in the environment of a unit."""

    method: str
    path: str
    unit: str
    variable: str


_WEB = ("/bigbluebutton/api", "bbb-web", "JDK_JAVA_OPTIONS")
_REST = ("/api/rest/meetingStaticData", "bbb-graphql-server", "HASURA_GRAPHQL_CORS_DOMAIN")
# What can be asked without a meeting: a preflight gets through where a request needs a session (bbb-web's
# ConnectionController, checkGraphqlAuthorization). Before 2.6, nginx allowed it.
PERMISSIONS = [
    Row(Permission("OPTIONS", *_WEB), since="2.6.0"),
    Row(Permission("GET", *_WEB), since="2.6.0"),
    Row(Permission("OPTIONS", *_REST), since="3.0.0"),
]


def prove(hostname: str, proxy_hostname: str, release: str) -> None:
    """A Failure that says what is not allowed, and what may be in the way."""
    for row in PERMISSIONS:
        if releases.applies_to(row, release):
            permission = row.what
            trouble = wait_while(lambda: _trouble(hostname, f"https://{proxy_hostname}", permission), SECONDS, 1)  # noqa: B023
            if trouble:
                raise Failure(f"{trouble}: {_cause(permission)}")


def _trouble(hostname: str, origin: str, permission: Permission) -> str:
    headers = {"Origin": origin}
    if permission.method == "OPTIONS":
        headers["Access-Control-Request-Method"] = "GET"
    answer = curl.ask(permission.method, f"https://{hostname}{permission.path}", headers, "127.0.0.1")
    allowed = answer.headers.get("access-control-allow-origin", "nobody")
    credentials = answer.headers.get("access-control-allow-credentials", "no")
    if (allowed, credentials) == (origin, "true"):
        return ""
    seen = f"{answer.reason}, allowed is {allowed}, credentials: {credentials}" if answer.status else answer.reason
    return f"pages of {origin} may not use {permission.path} of this node ({permission.method}: {seen})"


def _cause(permission: Permission) -> str:
    unit, name = permission.unit, permission.variable
    return (
        f"{unit} is told to allow it by {name}; look at {overrides.places(unit, name, '')} and `journalctl -u {unit}`"
    )
