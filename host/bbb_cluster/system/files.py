"""Files on the machine: read with owner and mode, written whole and at once."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import directories, paths
from .failure import Failure

_NEW = ".bbb-cluster-new"


@dataclass(frozen=True)
class FileState:
    """A file as it is: bytes, permission bits, numeric owner and group, and when it was written last."""

    content: bytes
    mode: int
    uid: int
    gid: int
    mtime_ns: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Change:
    """
    A file as it is to become; `content` None takes it away, with those of `directories` that are empty then.
    `restart` names the units that read it; `mtime_ns` 0 means now.
    """

    path: str
    content: bytes | None
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    restart: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    mtime_ns: int = 0


def read(path: str) -> FileState | None:
    """The file behind a path of the machine, None when there is none; Failure when it is something else."""
    try:
        status = os.stat(paths.on_host(path))
        if not stat.S_ISREG(status.st_mode):
            raise Failure(f"{path} is not a regular file or a link to one: move it away, then run again")
        with open(paths.on_host(path), "rb") as file:
            mode = stat.S_IMODE(status.st_mode)
            return FileState(file.read(), mode, status.st_uid, status.st_gid, status.st_mtime_ns)
    except (FileNotFoundError, NotADirectoryError):
        return None


def exists(path: str) -> bool:
    """Whether there is anything at a path, be it a link to nowhere."""
    return os.path.lexists(paths.on_host(path))


def text(path: str) -> str:
    """What a file says to somebody who only searches in it; nothing when there is none."""
    if not os.path.isfile(paths.on_host(path)):
        return ""
    with open(paths.on_host(path), encoding="utf-8", errors="replace") as file:
        return file.read()


def read_json(path: str) -> dict:
    """The object that a file of ours holds; an empty one when there is none, or somebody has put something else in."""
    current = read(path)
    with contextlib.suppress(ValueError):
        found = json.loads(current.content if current else b"")
        return found if isinstance(found, dict) else {}
    return {}


def matching(*patterns: str) -> list[str]:
    """The paths of the machine that match one of the patterns, in their order and that of their names."""
    root = paths.on_host("/").rstrip("/")
    return [place[len(root) :] for pattern in patterns for place in sorted(glob.glob(paths.on_host(pattern)))]


def link_of(path: str) -> str | None:
    """Where a symbolic link leads, None when there is none."""
    place = paths.on_host(path)
    return os.readlink(place) if os.path.islink(place) else None


def write(change: Change) -> None:
    """Brings a file to the wanted state in one rename that survives a power cut; links are followed."""
    write_all([change])


def write_all(changes: list[Change]) -> None:
    """Brings files to their wanted states, one after the other, but only when the disk has taken all of them."""
    try:
        for change in changes:
            if change.content is not None:
                with _about(change.path):
                    _stage(change)
        for change in changes:
            with _about(change.path):
                _commit(change)
    except OSError:
        for change in changes:
            discard(change.path)
        raise


def ensure(path: str, content: bytes, mode: int = 0o644) -> bool:
    """Makes a file of root's say this and have this mode; whether that was a change."""
    owner = root_ids()
    current = read(path)
    if current and (current.content, current.mode, current.uid, current.gid) == (content, mode, *owner):
        return False
    write(Change(path, content, mode, *owner))
    return True


def discard(path: str) -> None:
    """Removes what a write that did not come to its end has put beside a file."""
    fresh = _fresh(path)
    if os.path.lexists(fresh):
        os.unlink(fresh)


def sweep(folder: str) -> None:
    """Removes all that killed writes have put beside the files of a folder."""
    place = paths.on_host(folder)
    for name in os.listdir(place) if os.path.isdir(place) else []:
        if name.startswith(".") and name.endswith(_NEW):
            os.unlink(os.path.join(place, name))


def _fresh(path: str) -> str:
    target = os.path.realpath(paths.on_host(path))
    # A leading dot keeps it out of nginx's and systemd's globs; by its fixed name it is found again after a kill.
    return os.path.join(os.path.dirname(target), f".{os.path.basename(target)}{_NEW}")


@contextlib.contextmanager
def _about(path: str) -> Iterator[None]:
    """Lets errors name the file that is meant, and not the one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


def _stage(change: Change) -> None:
    fresh = _fresh(change.path)
    os.makedirs(os.path.dirname(fresh), exist_ok=True)
    _write_new(fresh, change)


def _commit(change: Change) -> None:
    place = paths.on_host(change.path)
    target = os.path.realpath(place)
    if change.content is not None:
        os.replace(_fresh(change.path), target)
        _sync_directory(os.path.dirname(target))
        return
    # Of a link, the link goes: whoever made it made what it leads to.
    if os.path.lexists(place):
        os.unlink(place)
        _sync_directory(os.path.dirname(place))
    directories.drop(change.directories)


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
        if change.mtime_ns:
            os.utime(descriptor, ns=(change.mtime_ns, change.mtime_ns))
        os.fsync(descriptor)


def _sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def root_ids() -> tuple[int, int]:
    """Numeric owner and group of a file of ours: root, in tests whoever runs them."""
    return (0, 0) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
