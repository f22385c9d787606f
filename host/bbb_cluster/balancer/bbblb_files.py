"""The files of recordings that a restore brings: beside BBBLB's own until all are there, for it serves meanwhile."""

from __future__ import annotations

import math
import os
import shutil

from ..system import block_device, files, paths
from ..system.failure import Failure
from . import bbblb_database, bbblb_service

NAME = "restored"
# Links are made of what the database says; what is on its way in is still on its node, which sends it again.
WITHOUT = ("/recordings/public", "/recordings/inbox")
# Of the disk, for the database on it; the guard leaves as much when recordings come.
RESERVE_BYTES = 1 << 30
_STORAGE, _PUBLIC = "recordings/storage", "recordings/public"
_PUBLISHED = """
SELECT json_build_array(tenants.name, record_id, format) FROM recordings
JOIN playback ON recording_fk = recordings.id JOIN tenants ON tenants.id = tenant_fk WHERE state = 'PUBLISHED';
"""


def folder() -> str:
    """On the same disk, so that they come into their places at once."""
    return f"{bbblb_service.DATA}/{NAME}"


def begin() -> None:
    """An empty folder, whatever an earlier try has left."""
    end()
    os.makedirs(paths.on_host(folder()), mode=0o700)


def end() -> None:
    """All that has not come into its place is gone."""
    shutil.rmtree(paths.on_host(folder()), ignore_errors=True)


def here() -> list[str]:
    """The formats of recordings that need not be brought, by their paths in BBBLB's folder; none is there in part."""
    data = bbblb_service.DATA
    found = files.matching(f"{data}/{_STORAGE}/*/*/*/metadata.xml")
    return [os.path.dirname(path)[len(data) :] for path in found]


def ensure_room(size: int) -> None:
    """That so many bytes more leave the database in use, which is on the same disk, what it needs."""
    free = shutil.disk_usage(paths.on_host(bbblb_service.DATA)).free
    lacking = size + RESERVE_BYTES - free
    if lacking > 0:
        # The file system itself takes up to a fiftieth.
        more = math.ceil(lacking / 0.98 / block_device.GIGABYTE)
        raise Failure(
            f"the backup brings {_gigabytes(size)} that are not here yet, and of {_gigabytes(free)} that are free 1 GB "
            f"is the database's: raise `balancerVolumeSize` by {more}, then `pulumi up`, and run again"
        )


def _gigabytes(size: int) -> str:
    return f"{size / block_device.GIGABYTE:.1f} GB"


def put_in_place() -> None:
    """What was brought is among BBBLB's; nobody sees it yet."""
    _move(paths.on_host(folder()), paths.on_host(bbblb_service.DATA))


def _move(source: str, target: str) -> None:
    for entry in list(os.scandir(source)):
        there = f"{target}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and os.path.isdir(there):
            _move(entry.path, there)
        else:
            os.replace(entry.path, there)


def link(database: str) -> None:
    """Makes the links by which everybody plays what a database calls published, and nothing else."""
    data = bbblb_service.DATA
    os.makedirs(paths.on_host(f"{folder()}/public"), mode=0o755)
    for tenant, record, name in bbblb_database.query(_PUBLISHED, database=database):
        if os.path.isdir(paths.on_host(f"{data}/{_STORAGE}/{tenant}/{record}/{name}")):
            place = paths.on_host(f"{folder()}/public/{name}")
            os.makedirs(place, mode=0o755, exist_ok=True)
            os.symlink(f"../../storage/{tenant}/{record}/{name}", f"{place}/{record}")
    bbblb_service.give(f"{folder()}/public")


def publish() -> None:
    """These links are the ones that count."""
    public = paths.on_host(f"{bbblb_service.DATA}/{_PUBLIC}")
    if os.path.isdir(public):
        os.rename(public, paths.on_host(f"{folder()}/public-before"))
    os.rename(paths.on_host(f"{folder()}/public"), public)
