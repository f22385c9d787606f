"""Removes a node's route from the proxy; only for the server that it was added for."""

from __future__ import annotations

from ..bigbluebutton import route_files
from ..bigbluebutton.route import FIELDS, holder_of, identity, node_name, record_of, removal
from ..settings import request_log
from ..system import files, request, versions
from ..system.progress import report
from .add_route import key


def remove_route(data: dict, digest: str) -> dict:
    """Removes a node's route if it was added for the same server; absent already is fine."""
    request.only(data, FIELDS)
    node, server = node_name(data), identity(data, "nodeServerId")
    with route_files.coming(), route_files.writing(f"remove-route {node}") as pending:
        versions.prune()
        record = files.read(record_of(node))
        there = record is not None or any(files.read(change.path) for change in removal(node))
        is_ours = holder_of(record) == server
        if there and not is_ours:
            report(f"the route of {node} belongs to server {holder_of(record)}, not to {server}: it is unchanged")
        elif there:
            report(f"removing the route to {node}")
        changes = removal(node) if there and is_ours else []
        if changes or pending:
            route_files.write(changes, pending)
        if not there or is_ours:
            request_log.forget(key(node))
    if changes or pending:
        route_files.reload()
    state = "present" if there and not is_ours else "absent"
    return {"request": digest, "node": node, "state": state, "changed": bool(changes)}
