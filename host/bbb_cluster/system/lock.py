"""One host program at a time on a machine."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator

from . import paths
from .failure import Failure
from .waiting import wait_while

WAIT_SECONDS = 600
PAUSE_SECONDS = 0.1


class Lock:
    """Held inside `with`; a second one waits up to ten minutes and says for whom."""

    def __init__(self, command: str):
        self._command = command
        self._file = None

    def __enter__(self) -> Lock:
        path = paths.on_host(f"{paths.STATE}/lock")
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        # Kept open without inheritance: a child that outlives us must not hold the lock.
        self._file = open(path, "a+")  # noqa: SIM115
        try:
            self._wait()
        except BaseException:
            self._file.close()
            raise
        holder = {"command": self._command, "pid": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S %Z")}
        self._file.truncate(0)
        self._file.write(json.dumps(holder))
        self._file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.truncate(0)
        self._file.close()

    def _wait(self) -> None:
        holder = wait_while(self._held, WAIT_SECONDS, PAUSE_SECONDS, lambda holder: f"waiting for {holder}")
        if holder:
            raise Failure(f"{holder} still holds the lock after 10 minutes of waiting; let it end, then run again")

    def _held(self) -> str:
        """Who holds the lock; nobody: it is ours now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._holder()
        return ""

    def _holder(self) -> str:
        try:
            self._file.seek(0)
            holder = json.loads(self._file.read())
            return f"{holder['command']} (process {holder['pid']}, since {holder['since']})"
        except (ValueError, KeyError, TypeError):
            return "another host program"


@contextlib.contextmanager
def shared(path: str) -> Iterator[None]:
    """Held by any number at the same time; `is_free` tells whether by nobody."""
    with _opened(path) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_free(path: str) -> bool:
    """Whether nobody holds what can be shared."""
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def alone(path: str) -> Iterator[None]:
    """For a moment, in which nobody else changes the same."""
    with _opened(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _opened(path: str) -> Iterator[object]:
    os.makedirs(os.path.dirname(paths.on_host(path)), mode=0o700, exist_ok=True)
    with open(paths.on_host(path), "a+") as file:
        yield file
