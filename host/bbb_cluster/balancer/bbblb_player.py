"""BigBlueButton's player of recordings: its package's files alone, from the repository that nodes install from."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass

from ..system import files, paths, processes, request
from ..system.failure import Failure
from ..system.progress import report

FOLDER = "/opt/bbb-playback"
# What nginx serves: a link to one of the others.
CURRENT = f"{FOLDER}/current"
PACKAGE = "bbb-playback"
PAGE = "playback/presentation/2.3/index.html"
SECONDS = 300
_VERSION = re.compile(r"[a-z]+-[A-Za-z0-9.~-]+")


@dataclass(frozen=True)
class Player:
    """The host of a package repository, and its folder there, such as jammy-300."""

    repository: str
    version: str


def parse(data: dict) -> Player | None:
    """The request's `player`; None: what is there stays."""
    given = request.field(data, "player", dict, {})
    if not given:
        return None
    request.only(given, ("repository", "version"), "`player` in the request")
    version = request.field(given, "version", str)
    if not _VERSION.fullmatch(version):
        raise Failure(f"`version` of the player in the request must be such as jammy-300, got `{version}`")
    return Player(request.hostname(given, "repository"), version)


def install(player: Player | None) -> list[str]:
    """Gets it, unless it is here, and has nginx serve it from the next request on; what was changed."""
    if player is None:
        return []
    name = f"{player.version}-{hashlib.sha256(player.repository.encode()).hexdigest()[:8]}"
    if files.exists(f"{CURRENT}/{PAGE}") and files.link_of(CURRENT) == name:
        return []
    report(f"getting BigBlueButton's player of recordings from {player.repository}/{player.version}")
    work = f"{FOLDER}/{name}.new"
    try:
        _fetch(player, work)
    except Failure as error:
        raise Failure(
            f"the player of recordings cannot be got: {error}; everything else is in force. Look at `release` and "
            "`installer.repository`, then run again"
        ) from None
    shutil.rmtree(paths.on_host(f"{FOLDER}/{name}"), ignore_errors=True)
    os.rename(paths.on_host(f"{work}/files"), paths.on_host(f"{FOLDER}/{name}"))
    _serve(name)
    for other in files.matching(f"{FOLDER}/*"):
        if other not in (CURRENT, f"{FOLDER}/{name}"):
            shutil.rmtree(paths.on_host(other), ignore_errors=True)
    return [f"player {player.version}"]


def _fetch(player: Player, work: str) -> None:
    """With a source, a key and lists of their own: nothing else on this machine is to come from there."""
    shutil.rmtree(paths.on_host(work), ignore_errors=True)
    for part in ("lists/partial", "cache/archives/partial"):
        os.makedirs(paths.on_host(f"{work}/{part}"))
    site, key = f"https://{player.repository}", f"{work}/key.asc"
    told = ["--silent", "--show-error", "--fail", "--location", "--proto", "=https", "--max-time", "60"]
    processes.run_checked(["curl", *told, "--output", key, f"{site}/repo/bigbluebutton.asc"], "its key", 90)
    distribution = player.version.partition("-")[0]
    source = f"deb [arch=amd64 signed-by={key}] {site}/{player.version} bigbluebutton-{distribution} main\n"
    files.ensure(f"{work}/sources.list", source.encode())
    _apt(work, "update", "--error-on=any")
    _apt(work, "download", PACKAGE)
    packed = next(iter(files.matching(f"{work}/{PACKAGE}_*.deb")), f"{work}/{PACKAGE}.deb")
    processes.run_checked(["dpkg-deb", "--extract", packed, f"{work}/tree"], "it cannot be unpacked", SECONDS)
    found = f"{work}/tree/var/bigbluebutton"
    if not files.exists(f"{found}/{PAGE}"):
        raise Failure(f"{PACKAGE} there has no {PAGE}")
    os.rename(paths.on_host(found), paths.on_host(f"{work}/files"))


def _apt(work: str, *arguments: str) -> None:
    settings = {
        "Dir::Etc::SourceList": f"{work}/sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": f"{work}/lists",
        "Dir::Cache": f"{work}/cache",
        # The folder is root's.
        "APT::Sandbox::User": "root",
    }
    options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
    command = ["apt-get", "--quiet", *options, *arguments]
    enter = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", work, *command]
    result = processes.run(enter, SECONDS, {"DEBIAN_FRONTEND": "noninteractive"})
    if result.status != 0:
        raise Failure(f"`apt-get {arguments[0]}` said: {result.reason}")


def _serve(name: str) -> None:
    """From one moment to the next."""
    new = paths.on_host(f"{CURRENT}.new")
    if os.path.lexists(new):
        os.unlink(new)
    os.symlink(name, new)
    os.replace(new, paths.on_host(CURRENT))
