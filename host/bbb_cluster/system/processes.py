"""Other programs, run in one place: bounded in time, without a terminal, replaceable in tests."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import IO

from .failure import Failure

HEED_SECONDS = 5


@dataclass(frozen=True)
class Result:
    """How a program ended: exit status and what it wrote."""

    status: int
    out: str = ""
    err: str = ""

    @property
    def reason(self) -> str:
        """The line that most likely says why: the last error line, or the last line."""
        lines = [line.strip() for line in (self.out + "\n" + self.err).splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("E:", "Error", "error:")) or "[emerg]" in line]
        return (telling or lines or [f"exit status {self.status}"])[-1]


def execute(argv: list[str], timeout_seconds: float, environment: dict[str, str], given: str = "") -> Result:
    """Runs a program to its end; 127 if there is no such program, a Failure when it takes too long."""
    # Files, not pipes: a daemon that inherits a pipe would keep us waiting for its end.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as source:
        source.write(given.encode())
        source.seek(0)
        try:
            process = subprocess.Popen(
                argv,
                stdin=source,
                stdout=out,
                stderr=err,
                env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
                start_new_session=True,
            )
        except FileNotFoundError:
            return Result(127, "", f"{argv[0]} is not installed")
        try:
            status = process.wait(timeout_seconds)
        except BaseException as error:
            end_group(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise Failure(f"`{' '.join(argv[:3])}` did not end within {timeout_seconds:.0f} seconds") from None
            raise
        return Result(status, _text(out), _text(err))


def end_group(process: subprocess.Popen) -> None:
    """Ends a program and those that it has started; whoever does not heed that is killed after five seconds."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + HEED_SECONDS
        # Its end alone says nothing of those that it has started.
        while time.monotonic() < deadline:
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


# Tests put their own function here.
runner = execute


def run(
    argv: list[str], timeout_seconds: float = 60, environment: dict[str, str] | None = None, given: str = ""
) -> Result:
    """Runs a program, whatever its exit status; it reads `given` on its standard input."""
    return runner(argv, timeout_seconds, environment or {}, *([given] if given else []))


def run_checked(
    argv: list[str], what: str, timeout_seconds: float = 60, environment: dict[str, str] | None = None
) -> Result:
    """Runs a program that has to succeed; a Failure says what could not be done and the program's reason."""
    result = run(argv, timeout_seconds, environment)
    if result.status != 0:
        raise Failure(f"{what}: `{' '.join(argv[:4])}` said: {result.reason}")
    return result
