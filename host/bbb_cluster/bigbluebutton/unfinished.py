"""What is left to do until every meeting that was recorded here is a recording: more than a restart has to wait for."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import yaml

from ..system import files, paths
from ..system.failure import Failure
from . import api, emptiness, recordings
from .recordings import STATUS

RAW = "/var/bigbluebutton/recording/raw"
EVENTS = "/var/bigbluebutton/events"
# 40 hexadecimal digits, and a time in milliseconds.
ID_LENGTH = 54
# Of a meeting's events, as much as its metadata may take.
BEGINNING = 64 * 1024
# The first one is a package's; `steps` of the second one stands in the place of its own.
STEPS = ("/usr/local/bigbluebutton/core/scripts/bigbluebutton.yml", "/etc/bigbluebutton/recording/recording.yml")


@dataclass(frozen=True)
class Unfinished:
    """
    Ids of meetings: recordings in work; those on which nobody works although they are not done; and meetings that ran
    when bbb-web was restarted, of which nothing is ever done without help (bigbluebutton#2666).
    """

    in_work: set[str]
    stuck: set[str]
    not_begun: set[str]

    def findings(self) -> list[str]:
        """What somebody has to see to, with the cure."""
        first = min(self.stuck, default="")
        stuck = [f"nobody works on {first}: look for its .fail in {STATUS}, then `bbb-record --rebuild {first}`"]
        other = min(self.not_begun, default="")
        cure = f"as user bigbluebutton: `touch {STATUS}/recorded/{other}.done`"
        lost = [f"nobody has begun with {other}, bbb-web was restarted while it ran; {cure}"]
        return [*(stuck if self.stuck else []), *(lost if self.not_begun else [])]


def unfinished() -> Unfinished:
    """What is left now; where redis or the API do not answer, as far as files tell."""
    # A recording that was split has the time of the break behind its id.
    flagged = {name[:ID_LENGTH] for name in recordings.flagged()}
    raw = {record for record in _names(RAW) if not _is_done(record)}
    in_work = flagged | recordings.worked_on()
    # What redis has of those that are done, or of which the events alone are kept, expires after some days.
    not_begun = recordings.noted_live() - in_work - {*_names(RAW), *_names(EVENTS)}
    return Unfinished(in_work, raw - in_work, not_begun - _live(not_begun))


def _is_done(record: str) -> bool:
    """Whether nobody pressed the button, or every format is published."""
    if files.exists(f"{STATUS}/archived/{record}.norecord"):
        return True
    formats = _formats() - _unwanted(record)
    if formats:
        return all(files.exists(f"{STATUS}/published/{record}-{name}.done") for name in formats)
    return bool(files.matching(f"{STATUS}/published/{record}-*.done"))


def _unwanted(record: str) -> set[str]:
    """The formats that whoever created the meeting did not want."""
    path = paths.on_host(f"{RAW}/{record}/events.xml")
    if not os.path.isfile(path):
        return set()
    with open(path, encoding="utf-8", errors="replace") as file:
        found = re.search(r'bbb-disable-recording-formats="([^"]*)"', file.read(BEGINNING))
    return {name.strip().lower() for name in found.group(1).strip("[]").split(",")} if found else set()


def _formats() -> set[str]:
    """The formats that are made of each recording."""
    steps: dict = {}
    for path in STEPS:
        try:
            read = yaml.safe_load(files.text(path))
        except yaml.YAMLError:
            continue
        if isinstance(read, dict) and isinstance(read.get("steps"), dict):
            steps = read["steps"]
    then = [one for step in steps.values() for one in (step if isinstance(step, list) else [step])]
    return {str(one).partition(":")[2] for one in then if str(one).startswith("publish:")}


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(paths.on_host(folder))
    except FileNotFoundError:
        return []


def _live(noted: set[str]) -> set[str]:
    """Those that run, as far as it is known."""
    if not noted or not emptiness.anything_runs():
        return set()
    try:
        listed = api.call("getMeetings").iterfind("meetings/meeting/internalMeetingID")
    except Failure:
        return noted
    return {one.text or "" for one in listed}
