"""The versions of these programs on a machine: one stable entry leads to the one that ran last, older ones go."""

from __future__ import annotations

import os
import shutil

from . import files, paths

FOLDER = "/opt/bbb-cluster"
ENTRY = "/usr/local/sbin/bbb-cluster"
# This file is <version>/bbb_cluster/system/versions.py.
PROGRAMS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _current() -> str | None:
    """The version that runs; None when these programs do not run from where machines have them."""
    return os.path.basename(PROGRAMS) if os.path.dirname(PROGRAMS) == paths.on_host(FOLDER) else None


def set_entry() -> None:
    """Lets the stable entry lead to the version that runs."""
    version = _current()
    if version:
        script = f'#!/bin/sh\nexec python3 -B {FOLDER}/{version}/bbb_cluster "$@"\n'
        files.ensure(ENTRY, script.encode("ascii"), 0o755)


def prune() -> None:
    """Removes older versions; under the lock. Younger ones stay: they wait for this run to end."""
    version = _current()
    if not version:
        return
    for name in os.listdir(paths.on_host(FOLDER)):
        if name != version and _copied_at(name) < _copied_at(version):
            shutil.rmtree(os.path.join(paths.on_host(FOLDER), name), ignore_errors=True)


def _copied_at(version: str) -> int:
    return os.stat(os.path.join(paths.on_host(FOLDER), version)).st_mtime_ns
