"""
Files that have come to this machine with these programs, named by the SHA-256 of what is in them. They are kept beside
the records: a request may be carried out later, by other programs than those that it came with.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from . import files, paths
from .failure import Failure
from .files import Change

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "administrator")
KEPT = f"{paths.STATE}/own-files"


def keep(wanted: Iterable[str]) -> None:
    """Keeps what a request needs; a Failure, before anything else is done, when something is not as it was sent."""
    if os.path.isdir(FOLDER):
        # Some hold secrets of services.
        os.chmod(FOLDER, 0o700)
    for sha256 in wanted:
        files.ensure(f"{KEPT}/{sha256}", read(sha256), 0o600)


def read(sha256: str) -> bytes:
    """The bytes of a file; a Failure when they are not here, or not what was sent."""
    for place in (os.path.join(FOLDER, sha256), paths.on_host(f"{KEPT}/{sha256}")):
        try:
            with open(place, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            continue
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise Failure(
        f"a file of `nodeFiles` or `nodeHook` is not in {FOLDER} as it was sent: "
        "`pulumi up --replace` the resource of this machine that ends in -programs"
    )


def forget_others(wanted: Iterable[str]) -> None:
    """Removes what is needed no more; under the lock."""
    needed = {f"{KEPT}/{sha256}" for sha256 in wanted}
    for path in files.matching(f"{KEPT}/*"):
        if path not in needed:
            files.write(Change(path, None))
