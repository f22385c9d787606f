"""Recordings as they lie on this node: a folder for each format of each."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..bigbluebutton.recordings import STATUS
from ..system import clock, files, paths

FOLDER = "/var/bigbluebutton"
PUBLISHED, UNPUBLISHED = "published", "unpublished"
# Without a flag, as when it came from another machine, it is complete when nothing has changed for so long.
QUIET_SECONDS = 600


@dataclass(frozen=True, order=True)
class Held:
    """One format of a recording."""

    record: str
    format: str
    state: str

    @property
    def name(self) -> str:
        """By which it is noted."""
        return f"{self.record}-{self.format}"

    @property
    def folder(self) -> str:
        """Where it lies."""
        return f"{FOLDER}/{self.state}/{self.format}/{self.record}"

    def is_complete(self) -> bool:
        """Whether nothing more is written to it; files are published before their flag says so."""
        if files.exists(f"{STATUS}/published/{self.name}.done"):
            return True
        return clock.wall() - os.path.getmtime(paths.on_host(f"{self.folder}/metadata.xml")) > QUIET_SECONDS


def all_held() -> list[Held]:
    """What `getRecordings` of this node tells of, and what is about to be; what was deleted does not count."""
    found = []
    for state in (PUBLISHED, UNPUBLISHED):
        for path in files.matching(f"{FOLDER}/{state}/*/*/metadata.xml"):
            name, record = path.split("/")[-3:-1]
            found.append(Held(record, name, state))
    return sorted(found)
