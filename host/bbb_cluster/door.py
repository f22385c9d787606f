"""A node's door on the proxy: opened when the node is fit, checked from outside, closed by its owner alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from . import clock, curl, files, paths, request, services, transaction
from .apply import carry_out
from .failure import Failure
from .files import Change
from .lock import Lock
from .progress import say

FOLDER = "/etc/nginx/bbb-cluster/doors"
OWNERS = f"{paths.STATE}/doors"
NODE_SECONDS = 180
NODE_PAUSE_SECONDS = 5
FRONT_SECONDS = 20


@dataclass(frozen=True)
class Door:
    """What a door is to lead to, and how it is known to do so."""

    node: str
    node_hostname: str
    node_address: str
    node_server_id: str
    proxy_server_id: str
    proxy_hostname: str
    websocket: str
    client: str
    api: str
    locations: list[str]

    @property
    def conf(self) -> str:
        """The path of its nginx configuration."""
        return f"{FOLDER}/{self.node}.conf"

    @property
    def owner(self) -> str:
        """The path of the record of who opened it."""
        return f"{OWNERS}/{self.node}.json"


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
    return Door(
        node_name(data),
        request.hostname(data, "nodeHostname"),
        request.field(data, "nodeAddress", str),
        identity(data, "nodeServerId"),
        identity(data, "proxyServerId"),
        request.hostname(data, "proxyHostname"),
        request.field(request.field(data, "expect", dict), "graphqlWebsocketUrl", str),
        request.field(where, "client", str),
        request.field(where, "api", str),
        locations,
    )


def open_door(data: dict) -> dict:
    """Opens a node's door if the node is fit, and proves it through the front door."""
    door = parse(data)
    wait_for_node(door)
    with Lock(f"open-door {door.node}"):
        pending = transaction.recover()
        changes = _opening(door)
        if not changes and not pending and not _trouble_in_front(door, 0):
            return {"node": door.node, "state": "open", "changed": False}
        say(f"opening the door to {door.node}")
        _carry_out(changes)
        trouble = _trouble_in_front(door, FRONT_SECONDS)
        if trouble:
            say(f"closing the door to {door.node} again")
            _carry_out([Change(door.conf, None), Change(door.owner, None)])
            raise Failure(f"{door.node} does not answer through the front door, so its door is closed again: {trouble}")
    return {"node": door.node, "state": "open", "changed": True}


def _carry_out(changes: list[Change]) -> None:
    touched: list[str] = []

    def activate(_units: list) -> None:
        services.check_nginx()
        touched.append("nginx")
        services.reload_nginx()

    carry_out(changes, ["nginx"], activate, touched)


def _opening(door: Door) -> list[Change]:
    owner = {"node": door.node, "nodeServerId": door.node_server_id, "proxyServerId": door.proxy_server_id}
    text = "".join(line + "\n" for line in door.locations)
    root = files.owner_ids("root:root")
    wanted = [
        Change(door.owner, json.dumps(owner).encode(), 0o600, *root),
        Change(door.conf, text.encode(), 0o644, *root),
    ]
    found = [files.read(change.path) for change in wanted]
    return [change for change, there in zip(wanted, found) if there is None or there.content != change.content]


def wait_for_node(door: Door) -> None:
    """Waits until the node answers over the private network, with a certificate for its name."""
    start, told = clock.now(), ""
    base = f"https://{door.node_hostname}"
    while True:
        trouble = trouble_at(door, base, "/bigbluebutton/api", door.node_address)
        if not trouble:
            return
        if clock.now() - start >= NODE_SECONDS:
            raise Failure(f"{door.node} is not fit, its door stays as it was: {trouble}")
        if trouble != told:
            say(f"waiting for {door.node}: {trouble}")
            told = trouble
        clock.sleep(NODE_PAUSE_SECONDS)


def _trouble_in_front(door: Door, seconds: int) -> str:
    start = clock.now()
    while True:
        trouble = trouble_at(door, f"https://{door.proxy_hostname}", door.api, "127.0.0.1")
        if not trouble or clock.now() - start >= seconds:
            return trouble
        clock.sleep(1)


def trouble_at(door: Door, base: str, api: str, address: str) -> str:
    """What is wrong with API and client at an address; empty when nothing is."""
    answer = curl.get(base + api, connect_to=address)
    if answer.status != 200:
        return f"{base}{api} at {address}: {answer.reason}"
    try:
        got = json.loads(answer.body)["response"]["graphqlWebsocketUrl"]
    except (ValueError, KeyError, TypeError):
        return f"{base}{api} at {address} does not name graphqlWebsocketUrl: is the node in cluster mode?"
    if got != door.websocket:
        return f"{base}{api} at {address} names {got}, expected {door.websocket}"
    answer = curl.get(base + door.client, connect_to=address)
    if answer.status != 200:
        return f"{base}{door.client} at {address}: {answer.reason}"
    return ""


def close_door(data: dict) -> dict:
    """Closes a node's door if it was opened for the same server; closed already is fine."""
    node, server = node_name(data), identity(data, "nodeServerId")
    conf, owner = f"{FOLDER}/{node}.conf", f"{OWNERS}/{node}.json"
    with Lock(f"close-door {node}"):
        pending = transaction.recover()
        recorded = files.read(owner)
        if recorded is None and files.read(conf) is None:
            if pending:
                _carry_out([])
            return {"node": node, "state": "closed", "changed": False}
        holder = json.loads(recorded.content).get("nodeServerId") if recorded else "nobody known"
        if holder != server:
            say(f"the door of {node} belongs to server {holder}, not to {server}: it stays open")
            return {"node": node, "state": "open", "changed": False}
        say(f"closing the door to {node}")
        _carry_out([Change(conf, None), Change(owner, None)])
    return {"node": node, "state": "closed", "changed": True}
