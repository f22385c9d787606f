"""A node's door on the proxy: opened when the node is fit, checked from outside, closed by its owner alone."""

from __future__ import annotations

import json

from ..bigbluebutton import route
from ..bigbluebutton.route import Door, conf_of, identity, node_name, owner_of
from ..bigbluebutton.route_health import FRONT_SECONDS, trouble_in_front, wait_for_node
from ..settings import transaction
from ..settings.apply import carry_out
from ..system import files, services
from ..system.failure import Failure
from ..system.files import Change, Found
from ..system.lock import Lock
from ..system.progress import say


def open_door(data: dict) -> dict:
    """Opens a node's door if the node is fit, and proves it through the front door."""
    door = route.parse(data)
    page = wait_for_node(door)
    with Lock(f"open-door {door.node}"):
        pending = transaction.recover()
        stood = {path: files.read(path) for path in (door.owner, door.conf)}
        changes = _opening(door, stood)
        if not changes and not pending and not trouble_in_front(door, page, 0):
            return {"node": door.node, "state": "open", "changed": False}
        say(f"opening the door to {door.node}")
        _carry_out(changes, pending)
        trouble = trouble_in_front(door, page, FRONT_SECONDS)
        if trouble:
            outcome = _take_back(door, changes, stood)
            raise Failure(f"{door.node} does not answer through the front door, {outcome}: {trouble}")
    return {"node": door.node, "state": "open", "changed": True}


def _carry_out(changes: list[Change], owed: list[str]) -> None:
    touched: list[str] = []

    def activate(_units: list) -> None:
        services.check_nginx()
        touched.append("nginx")
        services.reload_nginx()

    carry_out(changes, ["nginx"], activate, touched, owed)


def _take_back(door: Door, changes: list[Change], stood: dict[str, Found | None]) -> str:
    """Undoes what has just been changed, and nothing else: a door that was open may have meetings behind it."""
    if not changes:
        return "but its door was open and stays as it is"
    if stood[door.conf] and stood[door.owner] and _holder(stood[door.owner]) == door.node_server_id:
        say(f"putting the previous door to {door.node} back")
        before = [(change.path, stood[change.path]) for change in changes]
        _carry_out([Change(path, was.content, was.mode, was.uid, was.gid) for path, was in before], [])
        return "so its previous door is back"
    say(f"closing the door to {door.node} again")
    _carry_out([Change(door.conf, None), Change(door.owner, None)], [])
    return "so its door is closed again"


def _opening(door: Door, stood: dict[str, Found | None]) -> list[Change]:
    owner = {"node": door.node, "nodeServerId": door.node_server_id, "proxyServerId": door.proxy_server_id}
    text = "".join(line + "\n" for line in door.locations)
    root = files.owner_ids("root:root")
    wanted = [
        Change(door.owner, json.dumps(owner).encode(), 0o600, *root),
        Change(door.conf, text.encode(), 0o644, *root),
    ]
    found = [stood[change.path] for change in wanted]
    return [change for change, there in zip(wanted, found) if there is None or there.content != change.content]


def _holder(recorded: Found) -> str | None:
    return json.loads(recorded.content).get("nodeServerId")


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
        holder = _holder(recorded) if recorded else "nobody known"
        if holder != server:
            say(f"the door of {node} belongs to server {holder}, not to {server}: it stays open")
            return {"node": node, "state": "open", "changed": False}
        say(f"closing the door to {node}")
        _carry_out([Change(conf, None), Change(owner, None)], pending)
    return {"node": node, "state": "closed", "changed": True}
