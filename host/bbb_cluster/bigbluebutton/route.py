"""What is asked for when a door is to be opened or closed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..system import paths, request
from ..system.failure import Failure

FOLDER = "/etc/nginx/bbb-cluster/doors"
OWNERS = f"{paths.STATE}/doors"


@dataclass(frozen=True)
class Door:
    """
    What a door is to lead to, and how it is known to do so. A node whose client asks the front door for no API
    (Meteor) has neither `websocket` nor `api`.
    """

    node: str
    node_hostname: str
    node_address: str
    node_server_id: str
    proxy_server_id: str
    proxy_hostname: str
    websocket: str | None
    client: str
    api: str | None
    locations: list[str]

    @property
    def conf(self) -> str:
        """The path of its nginx configuration."""
        return conf_of(self.node)

    @property
    def owner(self) -> str:
        """The path of the record of who opened it."""
        return owner_of(self.node)


def conf_of(node: str) -> str:
    """The nginx configuration of a node's door."""
    return f"{FOLDER}/{node}.conf"


def owner_of(node: str) -> str:
    """The record of who opened a node's door."""
    return f"{OWNERS}/{node}.json"


def node_name(data: dict) -> str:
    """The node's name, which becomes a file name."""
    name = request.field(data, "node", str)
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        raise Failure(f"`node` must be a host label such as bbb-01, got `{name}`")
    return name


def identity(data: dict, name: str) -> str:
    """A server's id, as text."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value):
        raise Failure(f"the request has no `{name}`: expected the server's id")
    return str(value)


def parse(data: dict) -> Door:
    """The checked request to open a door."""
    where = request.field(data, "paths", dict)
    locations = request.texts(data, "locations")
    if not locations:
        raise Failure("the request has no `locations`: expected the lines of the door's nginx configuration")
    websocket = request.field(request.field(data, "expect", dict), "graphqlWebsocketUrl", str, None)
    api = request.field(where, "api", str, None)
    if websocket and not api:
        raise Failure("the request has no `api` in `paths`, but expects a `graphqlWebsocketUrl` there")
    return Door(
        node_name(data),
        request.hostname(data, "nodeHostname"),
        request.field(data, "nodeAddress", str),
        identity(data, "nodeServerId"),
        identity(data, "proxyServerId"),
        request.hostname(data, "proxyHostname"),
        websocket,
        request.field(where, "client", str),
        api if websocket else None,
        locations,
    )
