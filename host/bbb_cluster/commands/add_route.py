"""Adds a node's route to the proxy: when the node is healthy, and proved through the proxy itself."""

from __future__ import annotations

from ..bigbluebutton import route
from ..bigbluebutton.route import Route, apply_changes, conf_of, holder_of, record_of, removal
from ..bigbluebutton.route_health import PROXY_SECONDS, trouble_through_proxy, wait_for_node
from ..settings import transaction
from ..settings.request_log import RequestNote
from ..system import files, versions
from ..system.failure import Failure
from ..system.files import Change, FileState
from ..system.lock import Lock
from ..system.progress import report

Before = dict[str, "FileState | None"]


def key(node: str) -> str:
    """Under which the request is noted."""
    return f"add-route {node}"


def add_route(data: dict, digest: str) -> dict:
    """Adds or changes a node's route if the node is healthy, and proves it through the proxy."""
    wanted = route.parse(data)
    page = wait_for_node(wanted)
    with Lock(key(wanted.node)), RequestNote(key(wanted.node), digest) as note:
        versions.prune()
        changed = _add(wanted, page, note)
    return {"request": digest, "node": wanted.node, "state": "present", "changed": changed}


def _add(wanted: Route, page: str, note: RequestNote) -> bool:
    pending = transaction.recover()
    before: Before = {change.path: files.read(change.path) for change in wanted.files()}
    changes = [change for change in wanted.files() if not _is_there(change, before[change.path])]
    if not changes and not pending and not trouble_through_proxy(wanted, page, 0):
        return False
    report(f"adding the route to {wanted.node}")
    note.start()
    apply_changes(changes, pending)
    trouble = trouble_through_proxy(wanted, page, PROXY_SECONDS)
    if trouble:
        note.lasting = True
        outcome = _revert(wanted, changes, before, note)
        note.lasting = False
        raise Failure(f"{wanted.node} does not answer through the proxy, {outcome}: {trouble}")
    return True


def _is_there(change: Change, current: FileState | None) -> bool:
    return current is not None and (current.content, current.mode) == (change.content, change.mode)


def _revert(wanted: Route, changes: list[Change], before: Before, note: RequestNote) -> str:
    """Undoes what has just been changed, and nothing else: a route that was there may have meetings behind it."""
    conf, record = before[conf_of(wanted.node)], before[record_of(wanted.node)]
    if not changes:
        return "but its route was there and is unchanged"
    if conf and record and holder_of(record) == wanted.node_server_id:
        report(f"putting the previous route to {wanted.node} back")
        previous = [(change.path, before[change.path]) for change in changes]
        apply_changes([Change(path, was.content, was.mode, was.uid, was.gid) for path, was in previous], [])
        return "so its previous route is back"
    report(f"removing the route to {wanted.node} again")
    apply_changes(removal(wanted.node), [])
    note.forget()
    return "so its route is removed again"
