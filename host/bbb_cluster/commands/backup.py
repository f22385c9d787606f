"""Copies what BBBLB knows and has to where it survives this machine."""

from __future__ import annotations

import os
import shutil

from ..backup import note, settings
from ..backup.repository import Repository
from ..backup.settings import Backup
from ..balancer import bbblb_copy, bbblb_files, bbblb_secrets, bbblb_service, membership
from ..system import clock, files, paths, request
from ..system.failure import Failure
from ..system.progress import clean, report

# In each copy, besides BBBLB's own folder: the database, and what this machine knows of nodes and tenants.
STAGE = f"{paths.STATE}/backup"
DUMP, MEMBERS = "bbblb.dump", "members"
CHECK_SECONDS = 7 * 24 * 3600
# What is on its way in, what is deleted, what nodes tell again, what is only true now, and what a killed restore has
# left.
WITHOUT = (
    *("recordings/work", "recordings/inbox/*.temp", "recordings/deleted"),
    *("loads.json", "unheard-ends.json", bbblb_files.NAME),
)


def backup(data: dict, _digest: str) -> dict:
    """Makes one copy now; with `keep` what is here is right, although the repository has copies of a machine before."""
    request.only(data, ("keep",))
    keep = request.field(data, "keep", bool, False)
    with note.alone(), note.tried():
        kept = settings.required()
        repository = Repository(kept)
        # One that has had copies is somewhere else now, as on a disk that is not mounted.
        repository.open(make=keep or not note.has_copy())
        if not keep:
            waiting = waits_for_restore(repository)
            if waiting:
                raise Failure(waiting)
        snapshot = _copy(repository, kept)
    return {"snapshot": snapshot, **note.load()}


def waits_for_restore(repository: Repository) -> str:
    """Why no copy is made of a machine that is new: it would take the place of those that it is to be restored from."""
    if bbblb_copy.is_known():
        return ""
    found = repository.snapshots()
    if not found:
        return ""
    return (
        f"{repository.name} has {len(found)} backups of a machine before this one, the last of {found[-1]['time']}; "
        "none is made until it is known what is right: `npm run restore`, or `npm run restore -- --keep` for what is"
    )


def _copy(repository: Repository, kept: Backup) -> str:
    data = bbblb_service.DATA
    report(f"copying the load balancer's database and recordings to {repository.name}")
    started = clock.stamp()
    try:
        _stage()
        without = [f"{data}/{name}" for name in WITHOUT]
        snapshot, unread = repository.save([paths.on_host(STAGE), paths.on_host(data)], without)
    finally:
        shutil.rmtree(paths.on_host(STAGE), ignore_errors=True)
    bbblb_copy.note_known()
    if unread:
        # None of before is removed: one may be the last that has what could not be read.
        raise Failure(
            f"the backup {snapshot} lacks what could not be read here: {clean(unread)}; it is there, and none of those "
            "before is removed until one is whole: look at the disk (`dmesg`)"
        )
    note.keep(at=started, snapshot=snapshot)
    repository.forget()
    checked = note.load()["checked"]
    if checked is None or clock.seconds_since(checked) > CHECK_SECONDS:
        repository.check(int(clock.wall() // CHECK_SECONDS))
        note.keep(checked=clock.stamp())
    return snapshot


def _stage() -> None:
    place = paths.on_host(STAGE)
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place, mode=0o700)
    # The database first: a recording that comes meanwhile is a file too many, and none is missing.
    bbblb_copy.dump(f"{place}/{DUMP}")
    for path in [*files.matching(f"{membership.FOLDER}/*.json"), bbblb_secrets.KEPT]:
        found = files.read(path)
        if found:
            name = path.rpartition("/")[2]
            target = f"{MEMBERS}/{name}" if path.startswith(membership.FOLDER) else name
            files.ensure(f"{STAGE}/{target}", found.content, 0o600)
