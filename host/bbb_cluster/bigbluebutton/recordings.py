"""Recordings that are being made of meetings that have ended: a restart would lose them."""

from __future__ import annotations

import glob
import os

from ..system import paths, processes

# A flag per meeting that has ended, until bbb-rap-starter has seen it.
STATUS = "/var/bigbluebutton/recording/status"


def in_work() -> str:
    """What of recordings would be lost now; empty: nothing. Without an answer from redis there is no queue either."""
    flags = [found for name in ("recorded", "ended") for found in glob.glob(paths.on_host(f"{STATUS}/{name}/*.done"))]
    queues = [name for name in _ask("smembers", "resque:queues") if name.startswith("rap:")]
    queued = sum(_number("llen", f"resque:queue:{name}") for name in queues)
    # A worker that was killed stays noted as busy for ever.
    workers = [name for name in _ask("smembers", "resque:workers") if _is_alive(name)]
    busy = sum(_number("exists", f"resque:worker:{name}") for name in workers)
    count = len(flags) + queued + busy
    return f"{count} recording{'' if count == 1 else 's'} in work" if count else ""


def _is_alive(worker: str) -> bool:
    """Of `host:process:queues`."""
    process = worker.split(":")[1] if ":" in worker else ""
    return process.isdigit() and os.path.exists(paths.on_host(f"/proc/{process}"))


def _ask(*command: str) -> list[str]:
    result = processes.run(["redis-cli", "--raw", *command])
    return result.out.split() if result.status == 0 else []


def _number(*command: str) -> int:
    answer = _ask(*command)
    return int(answer[0]) if answer and answer[0].isdigit() else 0
