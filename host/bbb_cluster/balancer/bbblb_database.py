"""BBBLB's database: Debian's PostgreSQL, over its socket, where who one is on the machine is who one is there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..system import processes
from ..system.failure import Failure
from ..system.progress import clean

# Of what a variable of the environment takes, with all its quotes.
MOST_CHARACTERS = 60_000
USER = "bbblb"
NAME = "bbblb"
_PSQL = ("psql", "--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--set", "ON_ERROR_STOP=1")
# By a parameter and not in a statement, which PostgreSQL would log if it failed; in the environment, not in arguments.
_GIVEN = r"""\getenv given BBB_CLUSTER_GIVEN
SELECT set_config('bbb_cluster.given', $1, false) \bind :given \g /dev/null
"""


def prepare() -> None:
    """Starts the server, and makes role and database unless they are there."""
    processes.run_checked(["systemctl", "enable", "--now", "postgresql"], "PostgreSQL does not start", 180)
    role, base = f"FROM pg_roles WHERE rolname = '{USER}'", f"FROM pg_database WHERE datname = '{NAME}'"
    there = _run("postgres", "postgres", f"SELECT 'role' {role} UNION SELECT 'base' {base};\n").split()
    if "role" not in there:
        processes.run_checked(["runuser", "-u", "postgres", "--", "createuser", USER], "BBBLB's role cannot be made")
    if "base" not in there:
        command = ["runuser", "-u", "postgres", "--", "createdb", "--owner", USER, NAME]
        processes.run_checked(command, "BBBLB's database cannot be made")


def query(statements: str, given: object = None, database: str = "", seconds: float = 60) -> list:
    """
    Runs statements in one transaction, of BBBLB's database or another one of its, which read `given` by
    `current_setting('bbb_cluster.given')::json`; the rows, each of which has to be one JSON value.
    """
    script = f"{_GIVEN}BEGIN;\n{statements}\nCOMMIT;\n"
    lines = _run(USER, database or NAME, script, json.dumps(given), seconds).splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def parts(items: list) -> Iterator[list]:
    """The items, as many at a time as can be `given`."""
    part: list = []
    size = 0
    for item in items:
        length = len(json.dumps(item))
        if part and size + length > MOST_CHARACTERS:
            yield part
            part, size = [], 0
        part.append(item)
        size += length
    if part:
        yield part


def as_postgres(script: str) -> None:
    """Runs what only the server's own administrator may do."""
    _run("postgres", "postgres", script)


def _run(user: str, database: str, script: str, given: str = "null", seconds: float = 60) -> str:
    command = ["runuser", "-u", user, "--", *_PSQL, "--dbname", database, "--file", "-"]
    result = processes.run(command, seconds, {"BBB_CLUSTER_GIVEN": given, "PGHOST": "/run/postgresql"}, script)
    if result.status != 0:
        why = clean(next(iter(result.err.strip().splitlines()), f"exit status {result.status}"))
        raise Failure(f"BBBLB's database refuses: {why}; look at `systemctl status 'postgresql*'`, then run again")
    return result.out
