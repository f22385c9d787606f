"""A node's door on the proxy: opened when the node is fit, checked from outside, closed by its owner alone."""

from __future__ import annotations

import json

from . import door_request, files, services, transaction
from .apply import carry_out
from .door_checks import FRONT_SECONDS, trouble_in_front, wait_for_node
from .door_request import Door, conf_of, identity, node_name, owner_of
from .failure import Failure
from .files import Change
from .lock import Lock
from .progress import say


def open_door(data: dict) -> dict:
    """Opens a node's door if the node is fit, and proves it through the front door."""
    door = door_request.parse(data)
    page = wait_for_node(door)
    with Lock(f"open-door {door.node}"):
        pending = transaction.recover()
        changes = _opening(door)
        if not changes and not pending and not trouble_in_front(door, page, 0):
            return {"node": door.node, "state": "open", "changed": False}
        say(f"opening the door to {door.node}")
        _carry_out(changes, pending)
        trouble = trouble_in_front(door, page, FRONT_SECONDS)
        if trouble:
            say(f"closing the door to {door.node} again")
            _carry_out([Change(door.conf, None), Change(door.owner, None)], [])
            raise Failure(f"{door.node} does not answer through the front door, so its door is closed again: {trouble}")
    return {"node": door.node, "state": "open", "changed": True}


def _carry_out(changes: list[Change], owed: list[str]) -> None:
    touched: list[str] = []

    def activate(_units: list) -> None:
        services.check_nginx()
        touched.append("nginx")
        services.reload_nginx()

    carry_out(changes, ["nginx"], activate, touched, owed)


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


def close_door(data: dict) -> dict:
    """Closes a node's door if it was opened for the same server; closed already is fine."""
    node, server = node_name(data), identity(data, "nodeServerId")
    conf, owner = conf_of(node), owner_of(node)
    with Lock(f"close-door {node}"):
        pending = transaction.recover()
        recorded = files.read(owner)
        if recorded is None and files.read(conf) is None:
            if pending:
                _carry_out([], pending)
            return {"node": node, "state": "closed", "changed": False}
        holder = json.loads(recorded.content).get("nodeServerId") if recorded else "nobody known"
        if holder != server:
            say(f"the door of {node} belongs to server {holder}, not to {server}: it stays open")
            return {"node": node, "state": "open", "changed": False}
        say(f"closing the door to {node}")
        _carry_out([Change(conf, None), Change(owner, None)], pending)
    return {"node": node, "state": "closed", "changed": True}
