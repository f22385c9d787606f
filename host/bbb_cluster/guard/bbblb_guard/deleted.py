# SPDX-License-Identifier: AGPL-3.0-or-later
"""
What a tenant has deleted: its files go for good after a while, and that it was deleted stays known, also to a database
that is restored, since nodes may still have it and would bring it back. Files of which BBBLB was killed before it took
them away go with its next start: else everybody could play them for good (fault 21).
"""

import asyncio
import os
import shutil
import time

import sqlalchemy
from bbblb import utils
from bbblb.services.recording import RecordingManager

from .wrapping import around

KEEP_SECONDS = float(os.environ.get("GUARD_KEEP_DELETED_DAYS", "30")) * 24 * 3600
# Noted together with what deletes, whoever does; what somebody imports by hand all the same is deleted no more.
_PREPARE = (
    "CREATE TABLE IF NOT EXISTS guard_deleted (record_id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
    """
    CREATE OR REPLACE FUNCTION guard_note_deleted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            INSERT INTO guard_deleted (record_id) VALUES (OLD.record_id) ON CONFLICT DO NOTHING;
        ELSE
            DELETE FROM guard_deleted WHERE record_id = NEW.record_id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER guard_deleted AFTER INSERT OR DELETE ON recordings
    FOR EACH ROW EXECUTE FUNCTION guard_note_deleted()
    """,
)
# Those of before.
_NOTE = sqlalchemy.text("""
    INSERT INTO guard_deleted (record_id) SELECT given FROM unnest(CAST(:records AS text[])) AS given
    WHERE given NOT IN (SELECT record_id FROM recordings) ON CONFLICT DO NOTHING
""")
_KNOWN = sqlalchemy.text("SELECT count(*) > 0 FROM guard_deleted WHERE record_id = :record")
_ALL = sqlalchemy.text("SELECT record_id FROM guard_deleted")


async def is_deleted(session, record):
    """Whether its tenant had a recording, and has deleted it."""
    return (await session.execute(_KNOWN, {"record": record})).scalar_one()


@around(RecordingManager, "on_start")
async def _start(original, self):
    await original(self)
    names = [path.name.split(".")[0] for path in _deleted(self)]
    records = [name for name in names if utils.RE_RECORD_ID.fullmatch(name)]
    async with self.db.session() as session:
        for statement in _PREPARE:
            await session.execute(sqlalchemy.text(statement))
        await session.execute(_NOTE, {"records": records})
        await session.commit()
        deleted = set((await session.execute(_ALL)).scalars())
    await asyncio.to_thread(_take_away, self, deleted)


def _take_away(manager, records):
    for path in manager.storage_dir.glob("*/*"):
        if path.name in records:
            manager.delete(path.parent.name, path.name)


@around(RecordingManager, "cleanup")
async def _clean_up(original, self):
    await original(self)
    await asyncio.to_thread(_empty, self)


def _empty(manager):
    for path in _deleted(manager):
        # When it was moved there.
        if path.stat().st_ctime + KEEP_SECONDS <= time.time():
            shutil.rmtree(path, ignore_errors=True)


def _deleted(manager):
    return list(manager.deleted_dir.glob("*/*.deleted"))
