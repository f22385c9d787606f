"""A node's route on the proxy: what is asked for, where it is kept, and whose it is."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from dataclasses import dataclass

from ..system import files, paths, request
from ..system.failure import Failure
from ..system.files import Change, FileState
from . import route_texts

LOCATIONS = "/etc/nginx/bbb-cluster/routes"
UPSTREAMS = "/etc/nginx/bbb-cluster/upstreams"
RECORDS = f"{paths.STATE}/routes"
FIELDS = (
    *("node", "nodeHostname", "nodeAddress", "nodeServerId", "proxyHostname", "proxyServerId"),
    *("client", "repair"),
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
    kind: str

    @property
    def websocket(self) -> str | None:
        """What the API's index names; Meteor's client asks the proxy for none."""
        return f"wss://{self.node_hostname}/graphql" if self.kind == "static" else None

    @property
    def client(self) -> str:
        """Path of the node's client on the proxy, and on the node."""
        return f"/{self.node}/html5client/"

    @property
    def api(self) -> str:
        """Path of the API's index on the proxy."""
        return f"/{self.node}/bigbluebutton/api"

    def files(self) -> list[Change]:
        """What nginx reads of it."""
        return [Change(path, text, 0o644, *files.root_ids()) for path, text in self._texts().items()]

    def record(self, *, proved: bool) -> Change:
        """Whose it is, what was written, and whether it has been seen to lead to the node."""
        written = {path: hashlib.sha256(text).hexdigest() for path, text in self._texts().items()}
        owner = {"node": self.node, "nodeServerId": self.node_server_id, "proxyServerId": self.proxy_server_id}
        content = json.dumps({**owner, "written": written, "proved": proved}).encode()
        return Change(record_of(self.node), content, 0o600, *files.root_ids())

    def _texts(self) -> dict[str, bytes]:
        texts = route_texts.of(self.kind, self.node, self.node_hostname, self.node_address)
        lines = {upstream_of(self.node): texts["upstream"], locations_of(self.node): texts["locations"]}
        return {path: "".join(line + "\n" for line in text).encode() for path, text in lines.items()}


def locations_of(node: str) -> str:
    """What is asked of a node, in nginx's configuration."""
    return f"{LOCATIONS}/{node}.conf"


def upstream_of(node: str) -> str:
    """Where a node is, in nginx's configuration."""
    return f"{UPSTREAMS}/{node}.conf"


def record_of(node: str) -> str:
    """The record of whose a node's route is."""
    return f"{RECORDS}/{node}.json"


def holder_of(record: FileState | None) -> str:
    """The id of the server that a route was added for."""
    return str(json.loads(record.content).get("nodeServerId")) if record else "nobody known"


def is_proved(record: FileState | None) -> bool:
    """Whether a route has been seen to lead to its node."""
    return record is not None and json.loads(record.content).get("proved") is True


def removal(node: str) -> list[Change]:
    """What takes a route away."""
    return [Change(path_of(node), None) for path_of in (locations_of, upstream_of, record_of)]


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
    return Route(
        node_name(data),
        request.hostname(data, "nodeHostname"),
        node_address(data),
        identity(data, "nodeServerId"),
        identity(data, "proxyServerId"),
        request.hostname(data, "proxyHostname"),
        _kind(data),
    )


def node_address(data: dict) -> str:
    """A node's private address, which becomes a line of nginx's configuration."""
    address = request.field(data, "nodeAddress", str)
    try:
        return str(ipaddress.IPv4Address(address))
    except ValueError:
        raise Failure(f"`nodeAddress` must be an IPv4 address, got `{address}`") from None


def _kind(data: dict) -> str:
    kind = request.field(data, "client", str)
    if kind not in ("static", "meteor"):
        raise Failure(f"`client` must be static or meteor, got `{kind}`")
    return kind
