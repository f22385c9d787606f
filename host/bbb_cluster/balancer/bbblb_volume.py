"""The volume of the load balancer's machine: recordings, database and the notes of who closed which node lie on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..settings.manifest import TEXT, Wanted
from ..system import block_device, files, processes, units
from ..system.failure import Failure
from ..system.progress import report
from . import bbblb_database, bbblb_service, bbblb_units, membership

ROOT = "/srv/balancer"
POSTGRESQL = "/var/lib/postgresql"
SECONDS = 3600
_DEVICE = re.compile(r"/dev/[\w./:-]+", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A folder of the volume, where it is seen, and whose it is."""

    name: str
    path: str
    owner: str


PLACES = (
    Place("bbblb", bbblb_service.DATA, bbblb_database.USER),
    Place("postgresql", POSTGRESQL, "postgres"),
    Place("members", membership.FOLDER, "root"),
)
_USERS = ["bbblb", "postgresql"]


@dataclass(frozen=True)
class Volume:
    """A disk by its device, and how large it is."""

    device: str
    size_gb: int


def parse(data: dict) -> Volume:
    """The request's `volume`."""
    given = data.get("volume")
    device = given.get("device") if isinstance(given, dict) else None
    size = given.get("sizeGb") if isinstance(given, dict) else None
    if not isinstance(device, str) or not _DEVICE.fullmatch(device) or ".." in device or not isinstance(size, int):
        raise Failure(f"`volume` in the request must have a device and its size in GB, got `{given}`")
    return Volume(device, size)


def wanted(volume: Volume) -> list[Wanted]:
    """The units that mount it, at boot and for whoever needs what is on it; a machine without it still boots."""
    units_of = {ROOT: bbblb_units.mount(volume.device, ROOT, "ext4", "noatime,nodev,nosuid,noexec")}
    for place in PLACES:
        units_of[place.path] = bbblb_units.mount(f"{ROOT}/{place.name}", place.path, "none", "bind")
    return [
        Wanted(f"{bbblb_units.FOLDER}/{_unit(path)}", TEXT, content=text.encode(), restart=(units.RELOAD,))
        for path, text in units_of.items()
    ]


def put_in_place(volume: Volume) -> None:
    """Mounts it, an empty one with what this machine has until now; what has been on it before comes into force."""
    written = [files.ensure(file.path, file.content) for file in wanted(volume)]
    if any(written) or not all(_is_mounted(path) for path in _paths()):
        _mount(volume)
    refused = block_device.grow(volume.device, volume.size_gb)
    if refused:
        report(f"the volume cannot grow while it is in use ({refused}): BBBLB and its database stop for that")
        _stop()
        block_device.grow_unmounted(volume.device)
        for path in _paths():
            _start(path)


def _mount(volume: Volume) -> None:
    block_device.prepare(volume.device)
    units.reload_definitions()
    # Nobody writes where it is to be seen.
    _stop()
    _start(ROOT)
    _refuse_other_database()
    for place in PLACES:
        _fill(place)
        _start(place.path)


def _refuse_other_database() -> None:
    there, here = (
        {path.split("/")[-2] for path in files.matching(f"{folder}/*/main")}
        for folder in (f"{ROOT}/postgresql", "/etc/postgresql")
    )
    if there and not there & here:
        raise Failure(
            f"the volume has a database of PostgreSQL {', '.join(sorted(there))}, and this machine has "
            f"{', '.join(sorted(here)) or 'none'}: make it again of the image that it had, by `balancerImage`"
        )


def _fill(place: Place) -> None:
    """The folder on the volume: as it is here, if it is not there yet; its users may have other numbers here."""
    folder = f"{ROOT}/{place.name}"
    if not files.exists(folder):
        report(f"moving {place.path} to the volume")
        script = 'mkdir -p "$1" && rm -rf "$2.new" && cp -a "$1" "$2.new" && sync && mv "$2.new" "$2"'
        command = ["sh", "-c", script, "sh", place.path, folder]
        processes.run_checked(command, f"{place.path} cannot be moved to the volume", SECONDS)
    owner = place.owner
    strangers = ["find", folder, "(", "!", "-user", owner, "-o", "!", "-group", owner, ")"]
    command = [*strangers, "-exec", "chown", "--no-dereference", f"{owner}:{owner}", "{}", "+"]
    processes.run_checked(command, f"what is in {folder} cannot be given to {owner}", SECONDS)


def _stop() -> None:
    """Fine where nothing of it is there yet. Who asks BBBLB meanwhile waits in its socket."""
    for unit in [*_USERS, *(_unit(path) for path in reversed(_paths()))]:
        processes.run(["systemctl", "stop", unit], SECONDS)


def _start(path: str) -> None:
    processes.run_checked(["systemctl", "enable", "--now", _unit(path)], f"the volume is not mounted at {path}", 180)


def _is_mounted(path: str) -> bool:
    return processes.run(["mountpoint", "--quiet", path]).status == 0


def _paths() -> list[str]:
    return [ROOT, *(place.path for place in PLACES)]


def _unit(path: str) -> str:
    """As systemd names the unit of a mount point."""
    return path.strip("/").replace("-", r"\x2d").replace("/", "-") + ".mount"
