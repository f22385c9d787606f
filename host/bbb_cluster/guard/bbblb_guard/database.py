# SPDX-License-Identifier: AGPL-3.0-or-later
"""A database that restarts is waited for, and ends nothing for good."""

import asyncio
import logging
import time

import asyncpg
import sqlalchemy
from bbblb.services import db, locks
from bbblb.services.bbb import BBBHelper
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only

from . import again
from .wrapping import around

LOG = logging.getLogger("bbblb.guard")
SECONDS = 20
LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
)


@around(locks.NamedLock, "try_run_locked")
async def _run_locked(original, self, *args, **options):
    """
    What the importer does under its lock may fail, as when PostgreSQL restarts or an upload has ended while it looked
    for uploads: it tries again (fault 3).
    """
    try:
        return await original(self, *args, **options)
    except Exception as error:
        LOG.warning("%s: %s; trying again", self.name, error)
        return False, None


@around(BBBHelper, "run")
async def _clean_up(original, self):
    """The same for what cleans up."""
    while True:
        try:
            return await original(self)
        except (SQLAlchemyError, OSError) as error:
            LOG.warning("cleaning up: %s; trying again", error)
            await asyncio.sleep(10)


def _engine(url, **options):
    """Connections that outlived the database are noticed before they are used, new ones wait for it to come back."""
    made = create_async_engine(url, **{"pool_pre_ping": True, **options})
    sqlalchemy.event.listen(made.sync_engine, "do_connect", _connect)
    sqlalchemy.event.listen(made.sync_engine, "handle_error", _note_lost)
    return made


def _note_lost(context):
    """What was going on when the connection broke."""
    cause = context.original_exception.__cause__ or context.original_exception
    # Also one that breaks in the middle of an answer, after which asyncpg does not know any more where it was.
    context.is_disconnect = context.is_disconnect or isinstance(cause, (OSError, *LOST))
    # Or it gave one of two up that waited for each other, as a create and a poll that learns of the same room can.
    is_given_up = isinstance(cause, asyncpg.TransactionRollbackError)
    if is_given_up or (context.is_disconnect and not context.is_pre_ping):
        again.note()


def _connect(dialect, _record, arguments, options):
    last = time.monotonic() + SECONDS
    while True:
        try:
            return dialect.connect(*arguments, **options)
        except Exception as error:
            away = isinstance(error.__cause__ or error, (OSError, asyncpg.CannotConnectNowError))
            if not away or time.monotonic() > last:
                raise
        await_only(asyncio.sleep(0.2))


db.create_async_engine = _engine
