"""Requests that nginx has answered, counted from its log: what was read is not read again."""

from __future__ import annotations

import json
import os
import re

from ..system import files, paths
from ..system.metric import Metric

LOG = "/var/log/nginx/access.log"
KEPT = f"{paths.STATE}/requests-counted.json"
# `"GET /path" 200 3214 0.003 HIT`: the format of the cluster's own log.
_LINE = re.compile(rb'" (\d)\d\d \d+ [\d.]+ (\S+)$')
MOST_BYTES = 64 * 1024 * 1024


def metrics() -> list[Metric]:
    """Since monitoring began, by the class of the status and by what the cache did."""
    known = files.read_json(KEPT)
    counts = {kind: dict(known.get(kind) or {}) for kind in ("status", "cache")}
    place = _read(known, counts)
    files.ensure(KEPT, json.dumps({**place, **counts}, sort_keys=True).encode("ascii"), 0o600)
    return [
        *(Metric("bbb_proxy_requests_total", count, {"status": name}) for name, count in counts["status"].items()),
        *(Metric("bbb_proxy_cache_total", count, {"result": name}) for name, count in counts["cache"].items()),
    ]


def forget() -> None:
    """Counts from the beginning, if ever again."""
    files.write(files.Change(KEPT, None))


def _read(known: dict, counts: dict) -> dict:
    """Counts what is new, of the log that was rotated away as well, and says how far that was."""
    inode, offset = known.get("inode"), known.get("offset", 0)
    for path in (f"{LOG}.1", LOG):
        try:
            with open(paths.on_host(path), "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_ino == inode:
                    # Emptied in place, it begins anew.
                    start = offset if offset <= status.st_size else 0
                elif path == LOG:
                    # At the first time, only what comes from now on.
                    start = status.st_size if inode is None else 0
                else:
                    continue
                end = _count(file, max(start, status.st_size - MOST_BYTES), counts)
        except OSError:
            continue
        if path == LOG:
            return {"inode": status.st_ino, "offset": end}
        # There may be no new one yet.
        offset = end
    return {"inode": inode, "offset": offset}


def _count(file, start: int, counts: dict) -> int:
    """How far whole lines go."""
    file.seek(start)
    end = start
    for line in file:
        if not line.endswith(b"\n"):
            break
        end += len(line)
        found = _LINE.search(line.rstrip())
        if found:
            _add(counts["status"], f"{found[1].decode()}xx")
            _add(counts["cache"], found[2].decode("ascii", "replace"))
    return end


def _add(counts: dict, name: str) -> None:
    # What a client could have written there is no name for a metric.
    if len(counts) < 20 or name in counts:
        counts[name] = counts.get(name, 0) + 1
