"""Files on the machine: read with owner and mode, written whole and at once."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass

from . import paths


@dataclass(frozen=True)
class Found:
    """A file as it stands: bytes, permission bits, numeric owner and group."""

    content: bytes
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True)
class Change:
    """
    A file as it is to become; `content` None takes it away, with those of `directories` that are empty then.
    `restart` names the units that read it.
    """

    path: str
    content: bytes | None
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    restart: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()


def read(path: str) -> Found | None:
    """The file behind a path of the machine, None when there is none."""
    try:
        with open(paths.on_host(path), "rb") as file:
            status = os.fstat(file.fileno())
            return Found(file.read(), stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(change: Change) -> None:
    """Brings a file to the wanted state in one rename that survives a power cut; links are followed."""
    target = os.path.realpath(paths.on_host(change.path))
    if change.content is None:
        if os.path.lexists(target):
            os.unlink(target)
            _sync_directory(os.path.dirname(target))
        drop_directories(change.directories)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    # A leading dot keeps it out of nginx's and systemd's globs; a fixed name leaves no litter after a kill.
    fresh = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.bbb-cluster-new")
    try:
        _write_new(fresh, change)
        os.replace(fresh, target)
    except OSError:
        if os.path.lexists(fresh):
            os.unlink(fresh)
        raise
    _sync_directory(os.path.dirname(target))


def _write_new(path: str, change: Change) -> None:
    if os.path.lexists(path):
        os.unlink(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(change.content)
        if os.geteuid() == 0:
            os.fchown(descriptor, change.uid, change.gid)
        os.fchmod(descriptor, change.mode)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def missing_directories(path: str) -> list[str]:
    """The folders above a path that would have to be made, outermost first."""
    missing = []
    folder = os.path.dirname(path)
    while folder not in ("", "/") and not os.path.isdir(paths.on_host(folder)):
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    return missing


def drop_directories(folders: tuple[str, ...]) -> None:
    """Takes away folders that we made, as far as they are empty."""
    for folder in reversed(folders):
        try:
            os.rmdir(paths.on_host(folder))
        except OSError:
            return


def owner_ids(owner: str) -> tuple[int, int]:
    """Numeric owner and group of `user:group`; a user or group that does not exist here counts as root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    user, _, group = owner.partition(":")
    try:
        uid = pwd.getpwnam(user).pw_uid
    except KeyError:
        uid = 0
    try:
        gid = grp.getgrnam(group or "root").gr_gid
    except KeyError:
        gid = 0
    return uid, gid
