"""Folders that are made for a file, and taken away with it."""

from __future__ import annotations

import os

from . import paths


def missing(path: str) -> list[str]:
    """The folders above a path that would have to be made, outermost first."""
    found = []
    folder = os.path.dirname(path)
    while folder not in ("", "/") and not os.path.isdir(paths.on_host(folder)):
        found.insert(0, folder)
        folder = os.path.dirname(folder)
    return found


def drop(folders: tuple[str, ...]) -> None:
    """Takes away folders that we made, as far as they are empty."""
    for folder in reversed(folders):
        try:
            os.rmdir(paths.on_host(folder))
        except FileNotFoundError:
            # A run that was killed had come so far.
            continue
        except OSError:
            return
