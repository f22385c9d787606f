"""A program whose output is shown line by line while it runs, bounded in time and in what is shown of it."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import BinaryIO

from . import paths
from .failure import Failure
from .processes import end_group
from .progress import clean, report

POLL_SECONDS = 0.2
# What is shown is kept in Pulumi's state; the log has everything.
MOST_CHARACTERS = 4000
LONGEST_LINE = 64 * 1024
# Whoever runs us: a timer has another one than a login.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class End:
    """How a program ended: its exit status, None when it was stopped after its time, and its last line."""

    status: int | None
    last: str


def run(argv: list[str], seconds: float, environment: dict[str, str], log: str, what: str) -> End:
    """
    Runs a program to its end, with the lines of its output shown as `WHAT: LINE`; all of it is in the log, of which the
    one before stays as LOG.1. A Failure when it cannot be started.
    """
    place = paths.on_host(log)
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    if os.path.exists(place):
        os.replace(place, f"{place}.1")
    # A file, not a pipe: a daemon that inherits a pipe would keep us waiting for its end.
    written = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        with open(place, "rb") as output:
            return _follow(_start(argv, written, environment, what), seconds, _Shown(output, log, what))
    finally:
        os.close(written)


def _start(argv: list[str], output: int, environment: dict[str, str], what: str) -> subprocess.Popen:
    environment = {**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8", **environment}
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise Failure(
            f"{what} cannot be started ({error.strerror}): is what its first line names on this machine?"
        ) from None


def _follow(process: subprocess.Popen, seconds: float, shown: _Shown) -> End:
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                status = process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                status = None
            shown.go_on(to_the_end=status is not None)
            if status is not None:
                return End(status, shown.last)
            if time.monotonic() > deadline:
                end_group(process)
                shown.go_on(to_the_end=True)
                return End(None, shown.last)
    except BaseException:
        end_group(process)
        raise


class _Shown:
    """What has been shown of an output, and its last line that says something."""

    def __init__(self, output: BinaryIO, log: str, what: str):
        self._output, self._log, self._what = output, log, what
        self._rest, self._left = b"", MOST_CHARACTERS
        self.last = "it said nothing"

    def go_on(self, to_the_end: bool) -> None:
        """Shows the lines that have come; what has no end yet, only to the end."""
        while True:
            more = self._output.read(LONGEST_LINE)
            *lines, self._rest = (self._rest + more).split(b"\n")
            if len(self._rest) > LONGEST_LINE or (to_the_end and not more):
                lines, self._rest = [*lines, self._rest], b""
            for line in lines:
                self._show(line.decode("utf-8", "replace"))
            if not more:
                return

    def _show(self, line: str) -> None:
        text = clean(line.rstrip("\r").rpartition("\r")[2])
        if not text:
            return
        self.last = text
        if self._left <= 0:
            return
        self._left -= len(text)
        report(f"{self._what}: {text}")
        if self._left <= 0:
            report(f"{self._what}: the rest of its output is in {self._log}")
