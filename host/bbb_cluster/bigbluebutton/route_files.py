"""The files of routes on the proxy: each is written by itself, and nginx is reloaded for all that have been written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..settings import transaction
from ..settings.apply import apply
from ..system import lock, nginx, paths
from ..system.files import Change
from ..system.lock import Lock
from ..system.waiting import wait_while

WRITING = f"{paths.STATE}/routes.lock"
OTHERS_SECONDS = 5


def coming() -> contextlib.AbstractContextManager[None]:
    """Held by who is about to write routes: a reload waits for a few seconds, so that it is one for all of them."""
    return lock.shared(WRITING)


@contextlib.contextmanager
def writing(command: str) -> Iterator[list[str]]:
    """The machine's lock, for who writes routes; gives the restarts that are pending from an interrupted run."""
    with Lock(command):
        yield transaction.recover()


def write(changes: list[Change], pending: list[str]) -> None:
    """Writes files that nginx accepts, or leaves the previous ones; nginx reads them at the next `reload`."""
    later = list(dict.fromkeys([*pending, "nginx"]))
    apply(changes, later, lambda _units: nginx.check(), [], pending, later=later)


def reload() -> None:
    """Has nginx work by what has been written: once for all who have written, and who are about to."""
    wait_while(lambda: "" if lock.is_free(WRITING) else "others", OTHERS_SECONDS, lock.PAUSE_SECONDS)
    with Lock("reload nginx"):
        _reload()


def write_and_reload(changes: list[Change]) -> None:
    """
    Both in one, for what cannot wait for others. What cannot be read now stays written: whenever nginx reads its files
    again, it reads these, and not those that were to go.
    """
    with Lock("routes"):
        write(changes, transaction.recover())
        _reload()


def _reload() -> None:
    pending = transaction.recover()
    if "nginx" in pending:
        nginx.reload()
        transaction.end([unit for unit in pending if unit != "nginx"])
