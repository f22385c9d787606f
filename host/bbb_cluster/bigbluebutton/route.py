"""A node's route on the proxy: what is asked for, where it is kept, and whose it is."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from ..settings.apply import apply
from ..system import files, nginx, paths, request
from ..system.failure import Failure
from ..system.files import Change, FileState

FOLDER = "/etc/nginx/bbb-cluster/routes"
RECORDS = f"{paths.STATE}/routes"
FIELDS = (
    *("node", "nodeHostname", "nodeAddress", "nodeServerId", "proxyHostname", "proxyServerId"),
    *("graphqlWebsocketUrl", "repair", "locations"),
)


@dataclass(frozen=True)
class Route:
    """
    Where a route leads, and how it is known to do so: by the websocket that the API's index names, which a node whose
    client asks the proxy for no API (Meteor) does not have.
    """

    node: str
    node_hostname: str
    node_address: str
    node_server_id: str
    proxy_server_id: str
    proxy_hostname: str
    websocket: str | None
    locations: list[str]

    @property
    def client(self) -> str:
        """Path of the node's client on the proxy, and on the node."""
        return f"/{self.node}/html5client/"

    @property
    def api(self) -> str:
        """Path of the API's index on the proxy."""
        return f"/{self.node}/bigbluebutton/api"

    def files(self) -> list[Change]:
        """The record of whose it is and what was written, and the nginx configuration."""
        text = "".join(line + "\n" for line in self.locations).encode()
        owner = {"node": self.node, "nodeServerId": self.node_server_id, "proxyServerId": self.proxy_server_id}
        record = json.dumps({**owner, "written": hashlib.sha256(text).hexdigest()}).encode()
        root = files.root_ids()
        return [Change(record_of(self.node), record, 0o600, *root), Change(conf_of(self.node), text, 0o644, *root)]


def conf_of(node: str) -> str:
    """The nginx configuration of a node's route."""
    return f"{FOLDER}/{node}.conf"


def record_of(node: str) -> str:
    """The record of whose a node's route is."""
    return f"{RECORDS}/{node}.json"


def holder_of(record: FileState | None) -> str:
    """The id of the server that a route was added for."""
    return str(json.loads(record.content).get("nodeServerId")) if record else "nobody known"


def apply_changes(changes: list[Change], pending_restarts: list[str]) -> None:
    """Writes a route's files, or takes them away, and has nginx work by them; all or nothing."""
    restarted: list[str] = []

    def activate(_units: list) -> None:
        nginx.check()
        restarted.append("nginx")
        nginx.reload()

    apply(changes, ["nginx"], activate, restarted, pending_restarts)


def removal(node: str) -> list[Change]:
    """What takes a route away."""
    return [Change(conf_of(node), None), Change(record_of(node), None)]


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


def parse(data: dict) -> Route:
    """The checked request to add a route."""
    request.only(data, FIELDS)
    locations = request.texts(data, "locations")
    if not locations:
        raise Failure("the request has no `locations`: expected the lines of the route's nginx configuration")
    return Route(
        node_name(data),
        request.hostname(data, "nodeHostname"),
        request.field(data, "nodeAddress", str),
        identity(data, "nodeServerId"),
        identity(data, "proxyServerId"),
        request.hostname(data, "proxyHostname"),
        request.field(data, "graphqlWebsocketUrl", str, None),
        locations,
    )
