"""Units of systemd: what state they are in, restarted and watched until they run again."""

from __future__ import annotations

from . import clock, processes
from .failure import Failure
from .progress import report
from .waiting import wait_while

SECONDS = 180
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


def settle(units: list[str]) -> None:
    """Waits until the units run, and a little longer to see that they keep running."""
    units = [unit for unit in units if "*" not in unit]
    if not units:
        return
    wait_while(lambda: " ".join(unit for unit in units if _on_its_way(_state(unit))), SECONDS, 1)
    restarts = {unit: _state(unit).get("NRestarts") for unit in units}
    clock.sleep(SETTLE_SECONDS)
    for unit in units:
        state = _state(unit)
        if state.get("ActiveState") != "active" or state.get("NRestarts") != restarts[unit]:
            raise Failure(f"{unit} did not stay up with the new settings ({_last_words(unit, state)})")


def _last_words(unit: str, state: dict[str, str]) -> str:
    name = unit if "." in unit else f"{unit}.service"
    # By field and not by -u: what the service said, without what systemd says about it.
    recent = ["--since", "-30s", "--output", "cat", "--no-pager"]
    shown = processes.run(["journalctl", f"_SYSTEMD_UNIT={name}", *recent])
    words = [line.strip() for line in shown.out.splitlines() if line.strip()]
    return words[-1] if words else f"{state.get('ActiveState')}, {state.get('Result')}; it said nothing"


def _on_its_way(state: dict[str, str]) -> bool:
    return state.get("ActiveState") in ("activating", "reloading") and state.get("SubState") != "auto-restart"
