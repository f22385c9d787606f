"""Recordings that are being made of meetings that have ended: a restart would lose them."""

from __future__ import annotations

import glob
import os
import re

from ..system import paths, processes

# A flag per meeting that has ended, until bbb-rap-starter has seen it.
STATUS = "/var/bigbluebutton/recording/status"
# It answers at once, or hangs.
REDIS_SECONDS = 10
_ID = re.compile(r"[0-9a-f]{40}-\d{13}")


def in_work() -> str:
    """What of recordings would be lost now; empty: nothing. Without an answer from redis there is no queue either."""
    count = count_in_work()
    return f"{count} recording{'' if count == 1 else 's'} in work" if count else ""


def count_in_work() -> int:
    """How many that are: flagged, queued, or being done."""
    queued = sum(_number("llen", queue) for queue in _queues())
    busy = sum(_number("exists", f"resque:worker:{name}") for name in _workers())
    return len(flagged()) + queued + busy


def flagged() -> list[str]:
    """Ids of meetings that have ended, and of which nobody has begun to work on the recording or on what is noted."""
    found = [path for name in ("recorded", "ended") for path in glob.glob(paths.on_host(f"{STATUS}/{name}/*.done"))]
    return [os.path.basename(path)[: -len(".done")] for path in found]


def worked_on() -> set[str]:
    """Ids of meetings for which something is queued, or being done."""
    queued = [_text("lrange", queue, "0", "-1") for queue in _queues()]
    return set(_ID.findall("\n".join(queued))) | being_done()


def being_done() -> set[str]:
    """Ids of meetings for which something is being done now, post_publish scripts included."""
    return set(_ID.findall("\n".join(_text("get", f"resque:worker:{name}") for name in _workers())))


def noted_live() -> set[str]:
    """Ids of meetings that redis has events of: those that are recorded now, or whose recording has not begun."""
    return set(_ID.findall(_text("--scan", "--pattern", "meeting:info:*")))


def _queues() -> list[str]:
    return [f"resque:queue:{name}" for name in _ask("smembers", "resque:queues") if name.startswith("rap:")]


def _workers() -> list[str]:
    """A worker that was killed stays noted as busy for ever."""
    return [name for name in _ask("smembers", "resque:workers") if _is_alive(name)]


def _is_alive(worker: str) -> bool:
    """Of `host:process:queues`."""
    process = worker.split(":")[1] if ":" in worker else ""
    return process.isdigit() and os.path.exists(paths.on_host(f"/proc/{process}"))


def _text(*command: str) -> str:
    result = processes.run(["redis-cli", "--raw", *command], REDIS_SECONDS)
    return result.out if result.status == 0 else ""


def _ask(*command: str) -> list[str]:
    return _text(*command).split()


def _number(*command: str) -> int:
    answer = _ask(*command)
    return int(answer[0]) if answer and answer[0].isdigit() else 0
