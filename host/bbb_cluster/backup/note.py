"""What has become of the last backup, for whoever asks for the status."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator

from ..system import clock, files, paths
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.waiting import wait_while

LAST = f"{paths.STATE}/backup-last.json"
_LOCK = f"{paths.STATE}/backup.lock"
# By name: when one succeeded, when one was tried and why it failed, when all of them were checked; and the last one.
NAMES = ("at", "tried", "failure", "checked", "snapshot")


def load() -> dict:
    """All that is known; None for what is not."""
    found = files.read_json(LAST)
    return {name: found[name] if isinstance(found.get(name), str) else None for name in NAMES}


def has_copy() -> bool:
    """Whether the repository of now has had one."""
    return load()["at"] is not None


def keep(**changes: str | None) -> None:
    """Notes what has changed."""
    content = {**load(), **changes}
    files.ensure(LAST, json.dumps(content, sort_keys=True).encode("ascii"), 0o600)


def forget() -> None:
    """There is no backup any more."""
    files.write(Change(LAST, None))


@contextlib.contextmanager
def tried() -> Iterator[None]:
    """Notes why what is done in it has failed, if it has."""
    try:
        yield
    except (Failure, OSError) as error:
        # With a disk that is full, the timer's unit says it.
        with contextlib.suppress(OSError):
            keep(tried=clock.stamp(), failure=message(error))
        raise
    keep(tried=clock.stamp(), failure=None)


@contextlib.contextmanager
def alone(seconds: float = 0) -> Iterator[None]:
    """While nobody else here copies or restores; others wait for so long, and give up."""
    place = paths.on_host(_LOCK)
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    with open(place, "a+") as file:

        def held() -> str:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return "a backup or restore"
            return ""

        if wait_while(held, seconds, 1, lambda who: f"waiting for {who} that goes on here"):
            raise Failure("a backup or restore goes on here already: let it end, then run again")
        yield
