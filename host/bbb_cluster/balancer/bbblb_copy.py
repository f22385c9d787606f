"""A copy of BBBLB's database, and one that takes the place of the database at once."""

from __future__ import annotations

from ..system import processes
from ..system.failure import Failure
from ..system.progress import clean
from ..system.waiting import wait_while
from . import bbblb_database
from .bbblb_database import USER

SECONDS = 3 * 3600
USED_SECONDS = 30
_ORIGIN = "SELECT to_json(coalesce(shobj_description(oid, 'pg_database'), '')) FROM pg_database WHERE datname = "
_COUNTS = """
SELECT json_build_object('meetings', (SELECT count(*) FROM meetings), 'recordings', (SELECT count(*) FROM recordings));
"""
# Both at once, and with nobody in either of them.
_SWAP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('{name}', '{fresh}') \\g /dev/null
BEGIN;
ALTER DATABASE {name} RENAME TO {old};
ALTER DATABASE {fresh} RENAME TO {name};
COMMIT;
DROP DATABASE {old};
"""


def fresh() -> str:
    """The database that is being made; nobody but us knows it."""
    return f"{bbblb_database.NAME}_restored"


def dump(path: str) -> None:
    """Writes the database to a file, as it is at one moment."""
    # pg_dump itself does not notice each time that the disk is full: the last that it writes can be missing.
    command = f'pg_dump --format=custom --compress=0 --no-owner --dbname {bbblb_database.NAME} | cat >"$0"'
    _shell(command, path, "BBBLB's database cannot be copied")


def load(path: str) -> None:
    """Makes the fresh database of such a file, whatever an earlier try has left."""
    name, old = fresh(), f"{bbblb_database.NAME}_old"
    bbblb_database.as_postgres(f"DROP DATABASE IF EXISTS {name};\nDROP DATABASE IF EXISTS {old};\n")
    bbblb_database.as_postgres(f"CREATE DATABASE {name} OWNER {USER};\n")
    command = f'pg_restore --no-owner --exit-on-error --single-transaction --dbname {name} <"$0"'
    _shell(command, path, "BBBLB's database cannot be made of the backup")


def take_its_place() -> None:
    """The fresh database is BBBLB's from now on; the one before is gone."""
    name = bbblb_database.NAME
    script = _SWAP.format(name=name, fresh=fresh(), old=f"{name}_old")

    def used() -> str:
        try:
            bbblb_database.as_postgres(script)
        except Failure as error:
            if "being accessed by other users" in str(error):
                return str(error)
            raise
        return ""

    # Somebody may have looked at nodes just then.
    why = wait_while(used, USED_SECONDS, 1)
    if why:
        raise Failure(why)


def counts() -> dict:
    """How many meetings and recordings BBBLB knows; None where it has no tables yet."""
    tables = bbblb_database.query("SELECT to_json(to_regclass('recordings') IS NOT NULL);")
    return bbblb_database.query(_COUNTS)[0] if tables == [True] else {"meetings": 0, "recordings": 0}


def in_use() -> dict:
    """
    The same, as far as somebody would miss it: what a machine that is new has for meetings, it was told by their nodes.
    """
    found = counts()
    return found if is_known() else {**found, "meetings": 0}


def is_known() -> bool:
    """Whether what the database holds has been copied before, or comes from a copy; it tells so itself."""
    return bbblb_database.query(f"{_ORIGIN} current_database();") != [""]


def note_known(database: str | None = None) -> None:
    """Has the database tell so, wherever its disk goes."""
    name = database or bbblb_database.NAME
    bbblb_database.query(f"COMMENT ON DATABASE {name} IS 'bbb-cluster: has a backup';", database=name)


def _shell(command: str, path: str, what: str) -> None:
    # The file is root's: only its bytes reach the user of the database.
    script = f"umask 077; exec runuser -u {USER} -- {command}"
    result = processes.run(["bash", "-o", "pipefail", "-c", script, path], SECONDS, {"PGHOST": "/run/postgresql"})
    if result.status != 0:
        why = clean(next(iter(result.err.strip().splitlines()), f"exit status {result.status}"))
        raise Failure(f"{what}: {why}; is the disk full (`df -h`)? Then run again")
