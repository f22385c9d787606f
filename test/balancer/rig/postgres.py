"""Debian's PostgreSQL: one server for all tests, a database for each."""

import contextlib
import glob
import os
import subprocess

ENVIRONMENT = {**os.environ, "BBBLB_DOMAIN": "x", "BBBLB_SECRET": "x", "BBBLB_DB": "postgresql:///pattern"}
# Not in the URL, whose %2F alembic takes for one of its own words.
ENVIRONMENT["PGHOST"] = "/run/postgresql"
_made = []


def as_user(user, *command, **options):
    """Runs a command as somebody else; what it says."""
    options = {"capture_output": True, "text": True, "user": user, "group": user, "extra_groups": [], **options}
    done = subprocess.run(command, cwd="/", check=False, **options)
    assert done.returncode == 0, f"{' '.join(command[:3])}: {done.stdout}{done.stderr}"
    return done.stdout


def sql(database, statement):
    """What a statement says, as the role that BBBLB has."""
    return as_user("bbblb", "psql", "-XAtq", "-d", database, "-c", statement).strip()


def _cluster(action):
    version = os.path.basename(glob.glob("/etc/postgresql/*")[0])
    subprocess.run(["pg_ctlcluster", version, "main", action, "--", "-w"], check=True, capture_output=True)


def start():
    """Starts it, with a database that has BBBLB's tables to copy from."""
    os.makedirs("/run/postgresql", exist_ok=True)
    os.chmod("/run/postgresql", 0o1777)
    with open(glob.glob("/etc/postgresql/*/main/postgresql.conf")[0], "a", encoding="utf-8") as settings:
        settings.write("fsync = off\nlisten_addresses = ''\nmax_connections = 200\n")
    _cluster("start")
    as_user("postgres", "createuser", "bbblb")
    as_user("postgres", "createdb", "--owner", "bbblb", "pattern")
    as_user("bbblb", "/opt/bbblb/bin/bbblb", "db", "migrate", env=ENVIRONMENT)


def restart():
    """Ends every connection on the way."""
    _cluster("restart")


def stop():
    """Stops it."""
    _cluster("stop")


def resume():
    """Starts it again."""
    _cluster("start")


# Ends the connection.
LOST = "PERFORM pg_terminate_backend(pg_backend_pid())"


def fail_once(name, event, statement, time=1):
    """Has PL/pgSQL's statement happen before the first, or another one, of what befalls rows, and to no other."""
    body = f"BEGIN IF nextval('once') = {time} THEN {statement}; END IF; RETURN NEW; END"
    sql(name, "CREATE SEQUENCE once")
    sql(name, f"CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    sql(name, f"CREATE TRIGGER once BEFORE {event} FOR EACH ROW EXECUTE FUNCTION once()")


@contextlib.contextmanager
def held(name, statement):
    """Keeps what a statement locks until the end."""
    command = ["psql", "-XAtq", "-d", name]
    options = {"stdin": subprocess.PIPE, "text": True, "user": "bbblb", "group": "bbblb", "extra_groups": []}
    with subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, **options) as holding:
        # It is the end of what it is told that ends the transaction.
        holding.stdin.write(f"BEGIN; {statement};\n")
        holding.stdin.flush()
        yield


def database():
    """A new database with BBBLB's tables."""
    if not _made:
        start()
    name = f"test{len(_made)}"
    _made.append(name)
    as_user("postgres", "createdb", "--owner", "bbblb", "--template", "pattern", name)
    return name
