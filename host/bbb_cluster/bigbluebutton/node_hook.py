"""An administrator's own script: run on a node that has arrived, when it or the files changed, and after upgrades."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Callable

from ..system import carried, files, followed, paths, request
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import report
from . import administrator_files

RECORD = f"{paths.STATE}/node-hook.json"
SCRIPT = f"{paths.STATE}/node-hook"
LOG = f"{paths.LOGS}/node-hook.log"
MINUTES = 10
ARRIVED, CHANGED, UPGRADED = "arrived", "changed", "upgraded"


@dataclass(frozen=True)
class NodeHook:
    """The script by its SHA-256, None: there is none; what it is told of the node, and a digest of the node's files."""

    sha256: str | None
    node: str
    hostname: str
    files: str

    @property
    def contents(self) -> list[str]:
        """The SHA-256 of the script, if there is one."""
        return [self.sha256] if self.sha256 else []


def parse(data: dict) -> NodeHook:
    """The checked part of the request."""
    sha256 = request.field(data, "nodeHook", str, None)
    if sha256 is not None and not administrator_files.SHA256.fullmatch(sha256):
        raise Failure("`nodeHook` in the request must be a SHA-256")
    hostname = request.hostname(data, "hostname")
    node = request.field(data, "node", str, None) or hostname.partition(".")[0]
    return NodeHook(sha256, node, hostname, administrator_files.digest(administrator_files.parse(data)))


def run_if_due(hook: NodeHook, release: str, before: Callable[[], None]) -> str:
    """
    Runs the script if it has not succeeded yet with these files on this release, and returns the event, "" when it did
    not have to run; `before` is called first. Under the lock, and only when the node's settings are in force.
    """
    if hook.sha256 is None:
        _forget()
        return ""
    wanted = {"hook": hook.sha256, "files": hook.files, "release": release}
    record = files.read_json(RECORD)
    event = _event(record, wanted)
    if event:
        before()
        script = carried.read(hook.sha256)
        # Until it has succeeded: a run that was cut off may have done anything.
        _remember({"done": record.get("done"), "running": True})
        files.ensure(SCRIPT, script, 0o700)
        _run(hook, release, event)
        _remember({"done": wanted, "running": False})
    return event


def _event(record: dict, wanted: dict) -> str:
    done = record.get("done")
    if not isinstance(done, dict):
        return ARRIVED
    if done == wanted and not record.get("running"):
        return ""
    return CHANGED if done.get("release") == wanted["release"] else UPGRADED


def _run(hook: NodeHook, release: str, event: str) -> None:
    report(f"running nodeHook ({event})")
    environment = {
        "HOME": "/root",
        "BBB_CLUSTER_NODE": hook.node,
        "BBB_CLUSTER_HOSTNAME": hook.hostname,
        "BBB_CLUSTER_RELEASE": release,
        "BBB_CLUSTER_EVENT": event,
    }
    end = followed.run([paths.on_host(SCRIPT)], MINUTES * 60, environment, LOG, "nodeHook")
    if end.status == 0:
        return
    how = f"was stopped after {MINUTES} minutes" if end.status is None else f"ended with exit status {end.status}"
    raise Failure(
        f"nodeHook {how}, its last line: {end.last}; all of it is in {LOG}: correct the script, then `pulumi up` again"
    )


def _remember(record: dict) -> None:
    files.ensure(RECORD, json.dumps(record).encode("ascii"), 0o600)


def _forget() -> None:
    for path in (RECORD, SCRIPT):
        if files.exists(path):
            files.write(Change(path, None))
