"""Carries a plan out: everything is in force in the end, or everything is as it was."""

from __future__ import annotations

from typing import Callable

from . import files, records, transaction
from .failure import Failure, sentence
from .files import Change
from .progress import say

Activate = Callable[[list], None]


def carry_out(changes: list[Change], units: list[str], activate: Activate, touched: list[str]) -> None:
    """
    Writes the changes and lets `activate` put them in force for the units. On failure the previous files are
    back, what `activate` noted in `touched` has read them again, and the Failure says why.
    """
    transaction.begin(changes, units)
    try:
        for change in changes:
            files.write(change)
        activate(units)
    except (Failure, OSError) as error:
        say(f"not done: {sentence(error).rstrip('.')}; putting the previous files back")
        transaction.restore()
        outcome = _activate_again(activate, list(dict.fromkeys(touched)))
        raise Failure(f"{sentence(error).rstrip('.')}. The previous files are back{outcome}") from error
    transaction.end()


def _activate_again(activate: Activate, units: list[str]) -> str:
    """Lets services read the restored files; those that do not come back are noted for the next run."""
    if units:
        try:
            activate(units)
        except (Failure, OSError) as error:
            return f", but with them, too: {sentence(error)}"
    transaction.end()
    return f" and in force again ({', '.join(units)})" if units else ", nothing was restarted"


def write_only(changes: list[Change], owed: list[str]) -> None:
    """Writes changes that no service reads; units owed from an interrupted run stay noted for whoever restarts."""
    transaction.begin(changes, owed)
    try:
        for change in changes:
            files.write(change)
    except OSError:
        transaction.restore()
        raise
    transaction.end(owed)


def with_records(changes: list[Change], scope: str, fresh: dict, scopes: dict) -> list[Change]:
    """The changes together with the records of a scope, so that both are written or neither."""
    if fresh == scopes.get(scope):
        return changes
    return [*changes, records.change({**scopes, scope: fresh})]
