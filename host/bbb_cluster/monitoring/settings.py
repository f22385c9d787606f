"""What this machine was asked to tell and to try."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..system import files, paths, request
from ..system.failure import Failure
from ..system.files import Change

FOLDER = f"{paths.STATE}/monitoring"
KEPT = f"{FOLDER}/settings.json"
ROLES = ("proxy", "node", "balancer")


@dataclass(frozen=True)
class Check:
    """
    Whose API is asked, `through` node or balancer, by which tenant's secret if there are several, and with what the
    client's address begins.
    """

    through: str
    url: str
    page: str
    tenant: str | None


@dataclass(frozen=True)
class Monitoring:
    """This machine's part."""

    hostname: str
    role: str
    check: Check | None


def parse(data: dict) -> Monitoring:
    """Of a request."""
    role = request.field(data, "role", str)
    if role not in ROLES:
        raise Failure(f"`role` must be one of {', '.join(ROLES)}, got `{role}`")
    return Monitoring(request.hostname(data, "hostname"), role, _check(request.field(data, "check", dict, None)))


def _check(data: dict | None) -> Check | None:
    if data is None:
        return None
    request.only(data, ("through", "url", "page", "tenant"), "`check`")
    through, url, page = (request.field(data, name, str) for name in ("through", "url", "page"))
    check = Check(through, url, page, request.field(data, "tenant", str, None))
    if check.through not in ("node", "balancer"):
        raise Failure(f"`through` must be node or balancer, got `{check.through}`")
    for url in (check.url, check.page):
        if not url.startswith("https://"):
            raise Failure(f"`check` in the request must name https URLs, got `{url}`")
    return check


def keep(data: dict) -> None:
    """For the timers."""
    content = {name: data.get(name) for name in ("hostname", "role", "check")}
    files.ensure(KEPT, json.dumps(content, sort_keys=True).encode("ascii"))


def load() -> Monitoring:
    """What was kept last."""
    data = files.read_json(KEPT)
    if not data:
        raise Failure("nobody asks this machine for metrics: set `monitoringCidrs`, then `pulumi up`")
    return parse(data)


def forget() -> None:
    """Nothing is told any more."""
    files.write(Change(KEPT, None))
