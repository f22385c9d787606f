"""Applies a plan: everything is in force in the end, or everything is as it was."""

from __future__ import annotations

from typing import Callable

from ..system import files
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import report
from ..system.units import EVERYTHING
from . import records, transaction
from .records import Records

Activate = Callable[[list], None]


def apply(
    changes: list[Change],
    units: list[str],
    activate: Activate,
    restarted: list[str],
    pending_restarts: list[str],
    prove: Callable[[], None] = lambda: None,
    later: list[str] | None = None,
) -> None:
    """
    Writes the changes, lets `activate` put them in force for the units, and `prove` that they are. On failure the
    previous files are back, what `activate` noted in `restarted` has read them again, and the Failure says why.
    Restarts that are pending from an interrupted run stay noted until they are done, and those that are for `later`.
    """
    transaction.begin(changes, units)
    try:
        files.write_all(changes)
        activate(units)
        prove()
    except (Failure, OSError) as error:
        report(f"failed: {message(error).rstrip('.')}; rolling back")
        transaction.restore()
        outcome = _activate_again(activate, list(dict.fromkeys(restarted)), pending_restarts)
        raise Failure(f"{message(error).rstrip('.')}. The previous files are back{outcome}") from error
    transaction.end(later)


def _activate_again(activate: Activate, units: list[str], pending_restarts: list[str]) -> str:
    """Lets services read the restored files; those that do not come back are noted for the next run."""
    if units:
        try:
            activate(units)
        except (Failure, OSError) as error:
            return f", but with them, too: {message(error)}"
    transaction.end([] if EVERYTHING in units else [unit for unit in pending_restarts if unit not in units])
    return f" and in force again ({', '.join(units)})" if units else ", nothing was restarted"


def write_only(changes: list[Change], pending_restarts: list[str]) -> None:
    """Writes changes that no service reads; restarts pending from an interrupted run stay noted for the next one."""
    transaction.begin(changes, pending_restarts)
    try:
        files.write_all(changes)
    except OSError:
        transaction.restore()
        raise
    transaction.end(pending_restarts)


def with_records(changes: list[Change], before: Records, after: Records) -> list[Change]:
    """The changes together with the records, if these change, so that all are written or nothing."""
    return changes if after == before else [*changes, records.change(after)]
