"""Which load balancer the cluster has: told to the proxy, and kept there for those who cordon by hand."""

from __future__ import annotations

import json
import re

from ..system import files, paths, request
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import hide
from . import bbblb_secrets
from .balancer import Balancer
from .bbblb import Bbblb
from .hook import Hook
from .scalelite import Scalelite

KEPT = f"{paths.STATE}/load-balancer.json"
_URL = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?")


def parse(data: dict) -> Balancer:
    """The balancer of a request's `loadBalancer`: {kind: none, hook}, {kind: scalelite, url, secret}, {kind: bbblb}."""
    kind = request.field(data, "kind", str)
    if kind == "scalelite":
        request.only(data, ("kind", "url", "secret"), "`loadBalancer`")
        url, secret = request.field(data, "url", str), request.field(data, "secret", str)
        if not _URL.fullmatch(url):
            raise Failure(f"`url` must be an https URL without a path, got `{url}`")
        return Scalelite(url, secret)
    if kind == "bbblb":
        request.only(data, ("kind",), "`loadBalancer`")
        return Bbblb()
    if kind != "none":
        raise Failure(f"`kind` must be none, scalelite or bbblb, got `{kind}`")
    request.only(data, ("kind", "hook"), "`loadBalancer`")
    script = request.field(data, "hook", str, "")
    return Hook(script) if script else Balancer()


def keep(data: dict) -> bool:
    """Keeps what can be parsed, readable by root alone; whether that was a change."""
    parse(data)
    return files.ensure(KEPT, json.dumps(data, sort_keys=True).encode("ascii"), 0o600)


def forget() -> None:
    """Nobody is told any more."""
    files.write(Change(KEPT, None))


def frontend_secret(tenant: str | None) -> str:
    """With what a frontend asks the balancer that this machine is, as a tenant, or that it tells."""
    if tenant is None:
        secret = files.read_json(KEPT).get("secret")
    else:
        _, tenants = bbblb_secrets.load(None, [tenant])
        secret = tenants[tenant]
    if not isinstance(secret, str):
        raise Failure("this machine does not know the load balancer's secret: run `pulumi up`")
    hide(secret)
    return secret


def kept() -> Balancer:
    """The balancer that was kept last."""
    data = files.read_json(KEPT)
    if not data:
        raise Failure("this proxy has not been told of a load balancer yet: run `pulumi up`")
    return parse(data)
