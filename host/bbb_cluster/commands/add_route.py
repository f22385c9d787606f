"""Adds a node's route to the proxy: when the node is healthy, and proved through the proxy itself."""

from __future__ import annotations

from typing import Dict

from ..bigbluebutton import route, route_files
from ..bigbluebutton.route import Route, holder_of, is_proved, removal
from ..bigbluebutton.route_health import PROXY_SECONDS, trouble_through_proxy, wait_for_node
from ..settings.apply import write_only
from ..settings.request_log import RequestNote
from ..system import files, versions
from ..system.failure import Failure, message
from ..system.files import Change, FileState
from ..system.progress import report

Before = Dict[str, "FileState | None"]


def key(node: str) -> str:
    """Under which the request is noted."""
    return f"add-route {node}"


def add_route(data: dict, digest: str) -> dict:
    """
    Adds or changes a node's route if the node is healthy, and proves it through the proxy. Of many at the same time
    each is written and proved by itself; nginx is reloaded for all of them.
    """
    wanted = route.parse(data)
    before: Before = {}
    with RequestNote(key(wanted.node), digest) as note:
        with route_files.coming():
            page = wait_for_node(wanted)
            changed = _write(wanted, page, before, note)
        if changed:
            _prove(wanted, page, before, note)
    return {"request": digest, "node": wanted.node, "state": "present", "changed": changed}


def _write(wanted: Route, page: str, before: Before, note: RequestNote) -> bool:
    """Writes what is not as it should be; false if the route is there and leads to the node."""
    with route_files.writing(key(wanted.node)) as pending:
        versions.prune()
        final = [wanted.record(proved=True), *wanted.files()]
        before.update({change.path: files.read(change.path) for change in final})
        is_there = all(_is_there(change, before[change.path]) for change in final)
        if is_there and not pending and not trouble_through_proxy(wanted, page, 0):
            return False
        report(f"adding the route to {wanted.node}")
        note.start()
        route_files.write([] if is_there else [wanted.record(proved=False), *wanted.files()], pending)
        return True


def _is_there(change: Change, current: FileState | None) -> bool:
    return current is not None and (current.content, current.mode) == (change.content, change.mode)


def _prove(wanted: Route, page: str, before: Before, note: RequestNote) -> None:
    trouble = _trouble(wanted, page)
    if trouble:
        note.lasting = True
        outcome = _revert(wanted, before, note)
        note.lasting = False
        raise Failure(f"{wanted.node} does not answer through the proxy, {outcome}: {trouble}")
    with route_files.writing(key(wanted.node)) as pending:
        write_only([wanted.record(proved=True)], pending)


def _trouble(wanted: Route, page: str) -> str:
    try:
        route_files.reload()
    except (Failure, OSError) as error:
        return message(error)
    return trouble_through_proxy(wanted, page, PROXY_SECONDS)


def _revert(wanted: Route, before: Before, note: RequestNote) -> str:
    """Undoes what has just been changed, and nothing else: a route that was there may have meetings behind it."""
    record = before[route.record_of(wanted.node)]
    if not is_proved(record) or holder_of(record) != wanted.node_server_id or None in before.values():
        report(f"removing the route to {wanted.node} again")
        route_files.write_and_reload(removal(wanted.node))
        note.forget()
        return "so its route is removed again"
    changes = [Change(path, was.content, was.mode, was.uid, was.gid) for path, was in before.items() if was]
    if all(_is_there(change, before[change.path]) for change in [wanted.record(proved=True), *wanted.files()]):
        return "but its route was there and is unchanged"
    report(f"putting the previous route to {wanted.node} back")
    route_files.write_and_reload(changes)
    return "so its previous route is back"
