"""Carries a plan out: everything is in force in the end, or everything is as it was."""

from __future__ import annotations

from typing import Callable

from ..system import files
from ..system.failure import Failure, sentence
from ..system.files import Change
from ..system.progress import say
from ..system.services import ALL
from . import records, transaction

Activate = Callable[[list], None]


def carry_out(changes: list[Change], units: list[str], activate: Activate, touched: list[str], owed: list[str]) -> None:
    """
    Writes the changes and lets `activate` put them in force for the units. On failure the previous files are
    back, what `activate` noted in `touched` has read them again, and the Failure says why. Units that are `owed`
    from an interrupted run stay noted until they are restarted.
    """
    transaction.begin(changes, units)
    try:
        files.write_all(changes)
        activate(units)
    except (Failure, OSError) as error:
        say(f"not done: {sentence(error).rstrip('.')}; putting the previous files back")
        transaction.restore()
        outcome = _activate_again(activate, list(dict.fromkeys(touched)), owed)
        raise Failure(f"{sentence(error).rstrip('.')}. The previous files are back{outcome}") from error
    transaction.end()


def _activate_again(activate: Activate, units: list[str], owed: list[str]) -> str:
    """Lets services read the restored files; those that do not come back are noted for the next run."""
    if units:
        try:
            activate(units)
        except (Failure, OSError) as error:
            return f", but with them, too: {sentence(error)}"
    transaction.end([] if ALL in units else [unit for unit in owed if unit not in units])
    return f" and in force again ({', '.join(units)})" if units else ", nothing was restarted"


def write_only(changes: list[Change], owed: list[str]) -> None:
    """Writes changes that no service reads; units owed from an interrupted run stay noted for whoever restarts."""
    transaction.begin(changes, owed)
    try:
        files.write_all(changes)
    except OSError:
        transaction.restore()
        raise
    transaction.end(owed)


def with_records(changes: list[Change], fresh: dict, scopes: dict) -> list[Change]:
    """The changes together with the fresh records of some scopes (empty: none), so that all are written or nothing."""
    wanted = {scope: kept for scope, kept in {**scopes, **fresh}.items() if kept}
    return changes if wanted == scopes else [*changes, records.change(wanted)]
