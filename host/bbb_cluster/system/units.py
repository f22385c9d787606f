"""Units of systemd: what state they are in, restarted and watched until they run again."""

from __future__ import annotations

import re

from . import clock, files, processes
from .failure import Failure
from .progress import report
from .waiting import wait_while

SECONDS = 180
PAUSE_SECONDS = 0.2
# For a unit by which nobody can tell when it is ready.
SETTLE_SECONDS = 3
RELOAD = "daemon-reload"
# Stands in the place of single units when all of BigBlueButton is restarted.
EVERYTHING = "everything"


def _state(unit: str) -> dict[str, str]:
    names = "LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result"
    shown = processes.run(["systemctl", "show", "-p", names, unit]).out
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


def runs_here(unit: str) -> bool:
    """Whether a unit exists on this machine and is not switched off: a patterned name is left to systemd."""
    if "*" in unit:
        return True
    state = _state(unit)
    off = state.get("ActiveState") == "inactive" and state.get("UnitFileState") in ("disabled", "masked")
    return state.get("LoadState") == "loaded" and not off


def is_up(unit: str) -> bool:
    """Whether a unit runs, or is about to."""
    return _state(unit).get("ActiveState") not in ("inactive", "failed")


def is_enabled(unit: str) -> bool:
    """Whether a unit is started at each boot."""
    return _state(unit).get("UnitFileState") == "enabled"


def running_here(units: list[str]) -> list[str]:
    """Those of the units that run on this machine, with a word about the others."""
    running = [unit for unit in units if runs_here(unit)]
    for unit in units:
        if unit not in running:
            report(f"{unit} does not run on this machine, so it is not restarted")
    return running


def reload_definitions() -> None:
    """Lets systemd read its unit files again."""
    processes.run_checked(["systemctl", "daemon-reload"], "systemd does not accept its unit files", SECONDS)


def restart(unit: str) -> None:
    """Restarts a unit, however often it has failed before."""
    report(f"restarting {unit}")
    processes.run(["systemctl", "reset-failed", unit])
    processes.run_checked(["systemctl", "restart", unit], f"{unit} does not start", SECONDS)


def listening(units: list[str]) -> set[str]:
    """Those of the units that have a process which listens on a TCP port."""
    pids = set(re.findall(r"pid=(\d+)", processes.run(["ss", "-Hltnp"]).out))
    of = {part for pid in pids for part in _control_group(pid)}
    return {unit for unit in units if of & {unit, f"{unit}.service"}}


def _control_group(pid: str) -> list[str]:
    """The parts of the name of a process's control group; one is the name of its unit."""
    try:
        found = files.read(f"/proc/{pid}/cgroup")
    except ProcessLookupError:
        found = None
    return re.split(r"[/\s]", found.content.decode("ascii", "replace")) if found else []


def settle(units: list[str], listened: set[str]) -> None:
    """Waits until the units run, and listen where they did before; of the others, a while to see them keep running."""
    units = [unit for unit in units if "*" not in unit]
    if not units:
        return
    wait_while(lambda: " ".join(unit for unit in units if _on_its_way(_state(unit))), SECONDS, PAUSE_SECONDS)
    restarts = {unit: _state(unit).get("NRestarts") for unit in units}
    awaited = [unit for unit in units if unit in listened]
    if awaited != units:
        clock.sleep(SETTLE_SECONDS)
    wait_while(lambda: _silent(awaited, restarts), SECONDS, PAUSE_SECONDS)
    there = listening(awaited) if awaited else set()
    for unit in units:
        state = _state(unit)
        if not _is_up_since(state, restarts[unit]) or unit in awaited and unit not in there:
            raise Failure(f"{unit} did not stay up with the new settings ({_last_words(unit, state)})")


def _silent(awaited: list[str], restarts: dict) -> str:
    """The units that do not listen yet, unless one of them has ended: then there is nothing to wait for."""
    there = listening(awaited) if awaited else set()
    missing = [unit for unit in awaited if unit not in there]
    return " ".join(missing) if all(_is_up_since(_state(unit), restarts[unit]) for unit in missing) else ""


def _is_up_since(state: dict[str, str], restarts: str | None) -> bool:
    return state.get("ActiveState") == "active" and state.get("NRestarts") == restarts


def _last_words(unit: str, state: dict[str, str]) -> str:
    name = unit if "." in unit else f"{unit}.service"
    # By field and not by -u: what the service said, without what systemd says about it.
    recent = ["--since", "-30s", "--output", "cat", "--no-pager"]
    shown = processes.run(["journalctl", f"_SYSTEMD_UNIT={name}", *recent])
    words = [line.strip() for line in shown.out.splitlines() if line.strip()]
    return words[-1] if words else f"{state.get('ActiveState')}, {state.get('Result')}; it said nothing"


def _on_its_way(state: dict[str, str]) -> bool:
    return state.get("ActiveState") in ("activating", "reloading") and state.get("SubState") != "auto-restart"
