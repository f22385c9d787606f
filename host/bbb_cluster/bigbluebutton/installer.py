"""bbb-install as a unit of systemd: it goes on without us, and a second run joins it."""

from __future__ import annotations

import os

from ..system import clock, files, paths, processes
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import clean, report
from ..system.waiting import wait_while

UNIT = "bbb-install"
SCRIPT = f"{paths.STATE}/bbb-install.sh"
STARTER = f"{paths.STATE}/install.sh"
FINISHED = f"{paths.STATE}/install.finished"
LOG = f"{paths.LOGS}/install.log"
POLL_SECONDS = 5
STOP_SECONDS = 300
REPORT_EVERY_SECONDS = 60
TAIL_BYTES = 64 * 1024


class InstallationFailed(Exception):
    """The run has ended with an error; its log says which."""


def state() -> str:
    """`running`, `failed`, or `none` when nothing is known of a run."""
    shown = processes.run(["systemctl", "show", "-p", "ActiveState", f"{UNIT}.service"]).out.strip()
    active = shown.partition("=")[2]
    if active in ("active", "activating", "deactivating", "reloading"):
        return "running"
    return "failed" if active == "failed" else "none"


def interrupted() -> bool:
    """Whether a run of ours was started here and did not come to its end."""
    return files.read(STARTER) is not None and files.read(FINISHED) is None


def minutes_running() -> float:
    """For how long the unit has been running, joined or not; 0 when systemd does not tell."""
    shown = processes.run(["systemctl", "show", "-p", "ActiveEnterTimestampMonotonic", f"{UNIT}.service"]).out.strip()
    since = shown.partition("=")[2]
    return (clock.now() - int(since) / 1e6) / 60 if since.isdigit() and int(since) else 0.0


def stop() -> None:
    """Ends a run that does not end by itself: the installer goes on after its own errors and may loop for ever."""
    line = (tail(1) or ["none"])[0]
    report(f"the installation does not end: stopping it after {minutes_running():.0f} minutes, its last line: {line}")
    processes.run_checked(["systemctl", "stop", f"{UNIT}.service"], "the installation cannot be stopped", STOP_SECONDS)


def start(script: bytes, arguments: list[str]) -> None:
    """Starts the installer's script as a unit of its own, after an earlier one that failed."""
    processes.run(["systemctl", "reset-failed", f"{UNIT}.service"])
    log = paths.on_host(LOG)
    os.makedirs(os.path.dirname(log), mode=0o700, exist_ok=True)
    if os.path.exists(log):
        os.replace(log, f"{log}.1")
    files.write(Change(FINISHED, None))
    starter = f'#!/bin/sh\n/bin/bash {SCRIPT} "$@" && touch {FINISHED}\n'.encode("ascii")
    for path, content in ((SCRIPT, script), (STARTER, starter)):
        files.write(Change(path, content, 0o700, *files.root_ids()))
    command = ["systemd-run", f"--unit={UNIT}", "--description=Installation of BigBlueButton", "--quiet"]
    command += [f"--property=StandardOutput=append:{LOG}", f"--property=StandardError=append:{LOG}"]
    command += ["--setenv=HOME=/root", "--setenv=LANG=C.UTF-8", "--setenv=DEBIAN_FRONTEND=noninteractive"]
    processes.run_checked([*command, "/bin/sh", STARTER, *arguments], "the installation cannot be started")


def follow(timeout_minutes: int) -> None:
    """Shows the run's last line until it ends; Failure when it takes too long (then it goes on)."""
    begin = clock.now()

    def last_line() -> str:
        if state() != "running":
            return ""
        return (tail(1) or ["no output yet"])[0]

    def line(last: str) -> str:
        return f"bbb-install, {(clock.now() - begin) / 60:.0f} min: {last}"

    last = wait_while(last_line, timeout_minutes * 60, POLL_SECONDS, line, REPORT_EVERY_SECONDS)
    if last:
        raise Failure(
            f"the installation is still going on after {timeout_minutes} minutes, its last line: {last}; "
            f"let it end if its log still grows ({LOG}), then run again: a run before that stops it and starts anew"
        )
    if state() == "failed":
        raise InstallationFailed()
    if interrupted():
        raise Failure(f"the installation was stopped before its end (log: {LOG}); run again to start it anew")


def tail(count: int) -> list[str]:
    """The last lines of the log that say something, without secrets."""
    try:
        with open(paths.on_host(LOG), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    lines = [clean(line.rpartition("\r")[2] or line) for line in text.split("\n")]
    return [line for line in lines if line][-count:]
