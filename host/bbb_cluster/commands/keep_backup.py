"""Keeps where the load balancer's data are copied to each night, and has them copied there now."""

from __future__ import annotations

import contextlib

from ..backup import note, repository, settings, timer
from ..settings import transaction
from ..system import apt, clock, request
from ..system.failure import Failure
from ..system.lock import Lock
from ..system.progress import report
from .backup import waits_for_restore

NAME = "keep-backup"
FIELDS = ("hostname", "repair", "backup")
BUSY_SECONDS = 600


def keep_backup(data: dict, _digest: str) -> dict:
    """
    A repository that cannot be used is found at once; a copy that takes long is not waited for. As with other secrets,
    the SHA-256 of this request is neither noted nor answered.
    """
    wanted = parse(data)
    with contextlib.ExitStack() as held:
        moves = _moves(wanted)
        if moves:
            # What is still being copied to the one before is not noted for this one. In this order, as a restore.
            held.enter_context(note.alone(BUSY_SECONDS))
        held.enter_context(Lock(NAME))
        pending = transaction.recover()
        if wanted is not None:
            apt.install(repository.PACKAGES)
        if moves:
            note.forget()
        changed = settings.keep(wanted)
        timer.put_in_place(wanted is not None, pending)
    if wanted is None:
        note.forget()
        return {"changed": changed, "waits": False}
    with note.alone(BUSY_SECONDS), note.tried():
        opened = repository.Repository(settings.required())
        opened.open(make=not note.has_copy())
        settings.forget_previous()
        waiting = waits_for_restore(opened)
        begun = clock.stamp()
    if waiting:
        note.keep(failure=waiting)
        report(f"warning: {waiting}")
        return {"changed": changed, "waits": True}
    status = timer.run_now()
    if status is None:
        report("the backup goes on: `npm run status` says when it has ended")
        return {"changed": changed, "waits": False}
    noted = note.load()
    # One that was killed notes nothing.
    if status != 0 or noted["failure"] or (noted["at"] or "") < begun:
        raise Failure(f"the backup failed: {noted['failure'] or 'look at `journalctl -u bbb-cluster-backup`'}")
    return {"changed": changed, "waits": False}


def _moves(wanted: dict | None) -> bool:
    """Whether this is another repository than before, of which nothing is known yet."""
    before = settings.load()
    return wanted is not None and (before is None or before.repository != wanted["repository"])


def parse(data: dict) -> dict | None:
    """The checked request: what is to be kept of it."""
    request.only(data, FIELDS)
    return settings.parse(data)
