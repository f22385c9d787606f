"""Files that an administrator puts on every node: ours as a whole while they are wanted, and seen by `drift`."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass

from ..settings import owned_file
from ..settings.manifest import TEXT, Wanted
from ..system import carried, files, request
from ..system.failure import Failure

FIELDS = ("path", "sha256", "mode", "restart")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class AdministratorFile:
    """A file as it is asked for: its bytes are known by their SHA-256; `restart` names what reads it."""

    path: str
    sha256: str
    mode: int
    restart: tuple[str, ...]


def parse(data: dict) -> list[AdministratorFile]:
    """The request's `nodeFiles`."""
    return [_file(item) for item in request.field(data, "nodeFiles", list, [])]


def _file(item: object) -> AdministratorFile:
    if not isinstance(item, dict):
        raise Failure("every file of the request must be an object")
    request.only(item, FIELDS, "a file")
    path, sha256, mode = (request.field(item, name, str) for name in FIELDS[:3])
    if not path.startswith("/") or os.path.normpath(path) != path:
        raise Failure(f"`path` must be absolute and plain, got `{path}`")
    if not SHA256.fullmatch(sha256) or not re.fullmatch("0[0-7]{3}", mode):
        raise Failure(f"{path}: `sha256` in the request must be 64 hexadecimal digits, `mode` four octal ones")
    return AdministratorFile(path, sha256, int(mode, 8), tuple(request.texts(item, "restart")))


def contents(own: list[AdministratorFile]) -> list[str]:
    """The SHA-256 of each file."""
    return [file.sha256 for file in own]


def digest(own: list[AdministratorFile]) -> str:
    """What changes when a file is another, or elsewhere, or has other rights."""
    said = sorted([file.path, file.sha256, file.mode] for file in own)
    return hashlib.sha256(json.dumps(said).encode("ascii")).hexdigest()


def beside(wanted: list[Wanted], own: list[AdministratorFile]) -> list[Wanted]:
    """The cluster's own files and, with their bytes, the administrator's."""
    paths = [file.path for file in (*wanted, *own)]
    for path in paths:
        if paths.count(path) > 1:
            raise Failure(f"the request names {path} twice")
    found = [
        Wanted(file.path, TEXT, content=carried.read(file.sha256), restart=file.restart, mode=file.mode) for file in own
    ]
    return [*wanted, *found]


def with_new_originals(remembered: dict, own: list[AdministratorFile]) -> dict:
    """
    The records of files as they are after another release of BigBlueButton was installed: what it has put in the place
    of an administrator's file is what will be put back one day.
    """
    renewed = {
        file.path: owned_file.renewed(files.read(file.path), remembered[file.path])
        for file in own
        if remembered.get(file.path, {}).get("format") == TEXT
    }
    return {**remembered, **renewed}
