"""Removes a node's route from the proxy; only for the server that it was added for."""

from __future__ import annotations

from ..bigbluebutton.route import FIELDS, apply_changes, conf_of, holder_of, identity, node_name, record_of, removal
from ..settings import request_log, transaction
from ..system import files, request, versions
from ..system.lock import Lock
from ..system.progress import report
from .add_route import key


def remove_route(data: dict, digest: str) -> dict:
    """Removes a node's route if it was added for the same server; absent already is fine."""
    request.only(data, FIELDS)
    node, server = node_name(data), identity(data, "nodeServerId")
    with Lock(f"remove-route {node}"):
        versions.prune()
        pending = transaction.recover()
        record = files.read(record_of(node))
        changed = record is not None or files.read(conf_of(node)) is not None
        if changed and holder_of(record) != server:
            report(f"the route of {node} belongs to server {holder_of(record)}, not to {server}: it is unchanged")
            if pending:
                apply_changes([], pending)
            return {"request": digest, "node": node, "state": "present", "changed": False}
        if changed:
            report(f"removing the route to {node}")
        if changed or pending:
            apply_changes(removal(node) if changed else [], pending)
        request_log.forget(key(node))
    return {"request": digest, "node": node, "state": "absent", "changed": changed}
