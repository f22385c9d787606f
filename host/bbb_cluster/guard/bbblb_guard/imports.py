# SPDX-License-Identifier: AGPL-3.0-or-later
"""
The disk on which recordings lie is that of the database: what cannot be imported does not fill it, and what was on its
way when BBBLB was killed neither stays for good nor is in the way (fault 18).
"""

import asyncio
import errno
import os
import shutil
import tarfile

from bbblb import utils
from bbblb.services.recording import RecordingImportTask, RecordingManager
from bbblb.web import bbblbapi
from starlette.routing import Route

from .deleted import is_deleted
from .wrapping import around

# Nothing is accepted that would take this from the database. It is looked at each time so much has come.
RESERVE_BYTES = int(os.environ.get("GUARD_RESERVE_BYTES", 1 << 30))
STEP_BYTES = 16 << 20


@around(RecordingManager, "on_start")
async def _start(original, self):
    await asyncio.to_thread(_clear, self)
    await original(self)


def _clear(manager):
    """Before anything is imported: nobody works on what is there. What is accepted is imported then."""
    for path in [*manager.work_dir.glob("*"), *manager.storage_dir.glob("*/*/*.temp")]:
        shutil.rmtree(path, ignore_errors=True)
    for path in manager.inbox_dir.glob("*.temp"):
        path.unlink(missing_ok=True)
    for path in manager.failed_dir.glob("*.tar"):
        path.rename(manager.failed_dir / _name_of(path))


@around(RecordingImportTask, "_run")
async def _import(original, self):
    """Of a format that cannot be imported the last upload is kept, and none of one that can, or that was deleted."""
    kept = self.importer.failed_dir / await asyncio.to_thread(_name_of, self.source)
    async with self.importer.db.session() as session:
        if await is_deleted(session, "-".join(kept.name.split("-")[:2])):
            self.source.unlink(missing_ok=True)
            return
    await original(self)
    failed = self.importer.failed_dir / self.source.name
    if failed.exists():
        failed.rename(kept)
    elif self.formats and not self.errors:
        kept.unlink(missing_ok=True)


def _name_of(path):
    """By which an upload is kept: that of the format in it."""
    try:
        with tarfile.open(path) as tar:
            place = next(name for name in (entry.name for entry in tar) if name.endswith("/metadata.xml"))
        name, record = place.split("/")[-3:-1]
    except Exception:
        return "unreadable.tar"
    known = utils.RE_RECORD_ID.fullmatch(record) and utils.RE_FORMAT_NAME.fullmatch(name)
    return f"{record}-{name}.tar" if known else "unreadable.tar"


@around(RecordingManager, "start_import")
async def _receive(original, self, data, *args, **options):
    return await original(self, _while_there_is_room(self, data), *args, **options)


async def _while_there_is_room(manager, data):
    come = STEP_BYTES
    async for chunk in data:
        come += len(chunk)
        if come >= STEP_BYTES:
            await asyncio.to_thread(_ensure_room, manager)
            come = 0
        yield chunk


def _ensure_room(manager):
    """An upload takes its size twice more when it is imported."""
    waiting = sum(entry.stat().st_size for entry in os.scandir(manager.inbox_dir))
    if shutil.disk_usage(manager.inbox_dir).free - 2 * waiting < RESERVE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _saying_that_it_is_full(endpoint):
    async def answered(request):
        response = await endpoint(request)
        if response.status_code == 500 and os.strerror(errno.ENOSPC).encode() in response.body:
            response.status_code = 507
        return response

    return answered


for index, route in enumerate(bbblbapi.api_routes):
    if route.name == "bbblb:upload":
        endpoint = _saying_that_it_is_full(route.endpoint)
        bbblbapi.api_routes[index] = Route(route.path, endpoint, methods=route.methods, name=route.name)
