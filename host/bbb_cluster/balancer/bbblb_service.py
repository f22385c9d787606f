"""BBBLB as a service: its environment of Python, the guard around it, its settings and its units."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import sys

from ..settings.manifest import TEXT, Wanted
from ..system import files, paths, processes, units
from ..system.failure import Failure
from ..system.progress import report
from ..system.waiting import wait_while
from . import bbblb_database, bbblb_units

FOLDER = "/opt/bbblb"
DATA = "/var/lib/bbblb"
SETTINGS, SECRET = "/etc/bbblb/bbblb.env", "/etc/bbblb/secret.env"
SOCKET = "/run/bbblb/http.sock"
COMMAND = "/usr/local/sbin/bbblb"
UNIT = "bbblb"
ANSWER_SECONDS = 60
PYTHON = sys.version_info[:2]
_COMPLETE = "complete"
_GUARD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "guard", "bbblb_guard")
_GUARD_FILES = {f"{FOLDER}/guard/bbblb_guard/{os.path.basename(path)}": path for path in glob.glob(f"{_GUARD}/*.py")}


def install(requirements: list[str]) -> str:
    """BBBLB and what it needs, in a folder of its own for each set of versions; that folder."""
    if PYTHON < (3, 13):
        here = ".".join(map(str, PYTHON))
        raise Failure(f"BBBLB needs Python 3.13, which Debian 13 has, got {here}: set `balancerImage` to debian-13")
    lines = "".join(f"{line}\n" for line in requirements)
    folder = f"{FOLDER}/venv-{hashlib.sha256(lines.encode()).hexdigest()[:12]}"
    if files.exists(f"{folder}/{_COMPLETE}"):
        return folder
    report("installing BBBLB from PyPI")
    shutil.rmtree(paths.on_host(folder), ignore_errors=True)
    processes.run_checked(["python3", "-m", "venv", folder], "BBBLB's environment of Python cannot be made", 300)
    files.ensure(f"{folder}/requirements.txt", lines.encode())
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    wanted = ["--require-hashes", "--only-binary=:all:", "--requirement", f"{folder}/requirements.txt"]
    result = processes.run([f"{folder}/bin/pip", "install", *quiet, *wanted], 900)
    if result.status != 0:
        raise Failure(
            f"BBBLB cannot be installed from PyPI: {result.reason}; where it is reached otherwise from here, "
            "say so in /etc/pip.conf, then run again"
        )
    files.ensure(f"{folder}/{_COMPLETE}", b"")
    return folder


def prune(current: str) -> None:
    """Removes what older versions had."""
    for folder in files.matching(f"{FOLDER}/venv-*"):
        if folder != current:
            shutil.rmtree(paths.on_host(folder), ignore_errors=True)


def make_user() -> None:
    """Who runs BBBLB, and owns its data; also where these are on a disk of their own."""
    if processes.run(["id", "-u", bbblb_database.USER]).status != 0:
        options = ["--system", "--user-group", "--home-dir", DATA, "--no-create-home", "--shell", "/usr/sbin/nologin"]
        processes.run_checked(["useradd", *options, bbblb_database.USER], "BBBLB's user cannot be made")
    os.makedirs(paths.on_host(DATA), exist_ok=True)
    owner = f"{bbblb_database.USER}:{bbblb_database.USER}"
    processes.run_checked(["chown", owner, DATA], "BBBLB's data cannot be given to it")


def give(path: str) -> None:
    """Makes BBBLB the owner of what others have put there."""
    owner = f"{bbblb_database.USER}:{bbblb_database.USER}"
    processes.run_checked(["chown", "-R", owner, paths.on_host(path)], "BBBLB's data cannot be given to it", 3600)


def wanted(folder: str, hostname: str, secret: str, loads: str) -> list[Wanted]:
    """The files that make it run; `loads` tells the guard of nodes of different sizes."""
    settings = {
        "BBBLB_DOMAIN": hostname,
        # Not with the socket's folder in it, whose %2F alembic takes for a word of its own.
        "BBBLB_DB": f"postgresql:///{bbblb_database.NAME}",
        "PGHOST": "/run/postgresql",
        # Two processes that migrate at once fail: the unit does it, before it starts.
        "BBBLB_DB_CREATE": "false",
        "BBBLB_DB_MIGRATE": "false",
        "BBBLB_PATH_DATA": DATA,
        # Slides; what nginx lets through, too.
        "BBBLB_MAX_BODY": f"{50 * 1024 * 1024}",
        # It calls that often, whether or not it was heard (fault 5).
        "BBBLB_WEBHOOK_RETRY": "1",
        # Two good polls, a minute, and a node gets meetings again.
        "BBBLB_POLL_RECOVER": "1",
        "GUARD_LOADS": loads,
        "PYTHONPATH": f"{FOLDER}/guard",
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    service = bbblb_units.service(folder, SETTINGS, SECRET)
    return [
        _file(SETTINGS, lines, UNIT),
        _file(SECRET, f"BBBLB_SECRET={secret}\n", UNIT, mode=0o600),
        _file(f"{bbblb_units.FOLDER}/{UNIT}.socket", bbblb_units.socket(SOCKET), units.RELOAD, UNIT),
        _file(f"{bbblb_units.FOLDER}/{UNIT}.service", service, units.RELOAD, UNIT),
        _file(COMMAND, bbblb_units.command(folder, SETTINGS, SECRET, bbblb_database.USER), mode=0o755),
        *(_file(path, _text(source), UNIT) for path, source in sorted(_GUARD_FILES.items())),
    ]


def _text(source: str) -> str:
    with open(source, encoding="utf-8") as file:
        return file.read()


def _file(path: str, content: str, *restart: str, mode: int = 0o644) -> Wanted:
    return Wanted(path, TEXT, content=content.encode(), restart=restart, mode=mode)


def restart() -> None:
    """Starts it with its files as they are, and waits until it answers; requests wait meanwhile."""
    if not files.exists(f"{bbblb_units.FOLDER}/{UNIT}.service"):
        return
    processes.run_checked(["systemctl", "enable", "--now", f"{UNIT}.socket"], "BBBLB's socket does not open")
    processes.run_checked(["systemctl", "enable", UNIT], "BBBLB would not start at boot")
    units.restart(UNIT)

    def silent() -> str:
        status, _ = ask("localhost", "/bigbluebutton/api/")
        return "" if status == 200 else f"HTTP status {status}" if status else "no answer"

    why = wait_while(silent, ANSWER_SECONDS, 1)
    if why:
        raise Failure(f"BBBLB does not answer ({why}): `journalctl -u bbblb` says why")


def ask(host: str, target: str, seconds: int = 10) -> tuple[int, str]:
    """Status and body of an answer of BBBLB's own; status 0 when there is none in time."""
    command = ["curl", "--silent", "--max-time", str(seconds), "--unix-socket", paths.on_host(SOCKET)]
    options = ["--header", f"Host: {host}", "--write-out", "\n%{http_code}", "--config", "-"]
    # The target is signed: not among the arguments.
    result = processes.run([*command, *options], seconds + 10, given=f'url = "http://localhost{target}"\n')
    body, _, status = result.out.rpartition("\n")
    return (int(status), body) if result.status == 0 and status.isdigit() else (0, "")
