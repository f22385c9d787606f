"""What was seen at its destination, once and for all, and how far the others are; one note for each format."""

from __future__ import annotations

import json
import os

from ..system import clock, files, paths
from ..system.files import Change
from .held import Held

FOLDER = f"{paths.STATE}/handed-over"
# {name: {to, uploadedAt, tries, why, since}} of those that are on their way.
TRIED = f"{paths.STATE}/hand-over.json"
# Which database of the destination's has been asked.
DATABASE = f"{paths.STATE}/hand-over-database.json"
# After an upload that was accepted and cannot be found: from ten minutes, twice as long each time, up to six hours.
FIRST_SECONDS, LONGEST_SECONDS = 600, 6 * 3600


def is_handed_over(one: Held, to: str) -> bool:
    """Whether it was seen at that destination."""
    return files.read_json(f"{FOLDER}/{one.name}.json").get("to") == to


def hand_over(one: Held, to: str) -> None:
    """It was seen there: it is never uploaded there again, whatever becomes of it."""
    files.ensure(f"{FOLDER}/{one.name}.json", json.dumps({"to": to, "at": clock.stamp()}).encode("ascii"), 0o600)
    _note(one, to, None)


def seen_in(database: str) -> bool:
    """Another database than before, as after a restore, may not have what was seen; whether all is to be seen again."""
    before = files.read_json(DATABASE).get("database")
    if not database or database == before:
        return False
    if before:
        forget_others(set())
    files.ensure(DATABASE, json.dumps({"database": database}).encode("ascii"), 0o600)
    return bool(before)


def forget_others(names: set[str]) -> None:
    """Drops the notes of recordings that are no longer on this node."""
    for path in files.matching(f"{FOLDER}/*.json"):
        if os.path.basename(path)[: -len(".json")] not in names:
            files.write(Change(path, None))
    notes = files.read_json(TRIED)
    if notes.keys() - names:
        _write({name: note for name, note in notes.items() if name in names})


def tried(to: str) -> dict[str, dict]:
    """
    How far those are that are not handed over: why not, and since when, as far as anything was tried. What another
    destination said is of no account.
    """
    return {name: note for name, note in files.read_json(TRIED).items() if note.get("to") == to}


def uploaded(one: Held, to: str) -> None:
    """It was accepted, which does not say that it is there."""
    tries = int(tried(to).get(one.name, {}).get("tries", 0)) + 1
    _note(one, to, {"uploadedAt": clock.wall(), "tries": tries, "why": "uploaded, and not seen there yet"})


def failed(one: Held, to: str, why: str) -> bool:
    """It was not accepted; whether that is news."""
    before = tried(to).get(one.name, {})
    _note(one, to, {**before, "why": why})
    return before.get("why") != why


def is_on_its_way(one: Held, to: str) -> bool:
    """Whether an upload that was accepted has not had its time yet."""
    note = tried(to).get(one.name, {})
    pause = min(FIRST_SECONDS * 2 ** (int(note.get("tries", 1)) - 1), LONGEST_SECONDS)
    return clock.wall() - float(note.get("uploadedAt", 0)) < pause


def _note(one: Held, to: str, note: dict | None) -> None:
    known = tried(to)
    others = {name: other for name, other in known.items() if name != one.name}
    since = known.get(one.name, {}).get("since") or clock.stamp()
    _write({**others, one.name: {**note, "to": to, "since": since}} if note else others)


def _write(notes: dict) -> None:
    files.ensure(TRIED, json.dumps(notes, sort_keys=True).encode("ascii"), 0o600)
