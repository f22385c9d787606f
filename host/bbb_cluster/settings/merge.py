"""Three-way merge of single settings into a file that others write, too. Text in, text out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..system.failure import Failure
from . import env_settings, json_settings, properties, yaml_settings

FORMATS = {"properties": properties, "yaml": yaml_settings, "json": json_settings, "env": env_settings}


@dataclass(frozen=True)
class Merged:
    """The file's new text (None: no file), what to remember (None: nothing), and keys that somebody else changed."""

    text: str | None
    record: dict | None
    kept: list[str]


def digest(text: str) -> str:
    """The fingerprint by which a file is known to be as we wrote it."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def merge(format_name: str, text: str | None, wanted: dict, record: dict | None) -> Merged:
    """
    Sets the wanted keys and puts back those of the record that are no longer wanted, unless someone else changed
    them since. `text` is the current file, None when there is none; Failure when it cannot be read.
    """
    untouched = record is not None and text is not None and digest(text) == record["written"]
    if untouched and wanted_of(record) == wanted:
        return Merged(text, record, [])
    if untouched:
        return _apply(format_name, record["original"], wanted, None, set())
    return _apply(format_name, text, wanted, record, set(record["keys"]) - set(wanted) if record else set())


def says(format_name: str, text: str | None, key: str) -> bool:
    """Whether a file is there and has something behind a key."""
    settings = FORMATS[format_name]
    return text is not None and settings.shown(text, key) is not None and not settings.holds(text, key, None)


def waiting(format_name: str, key: str, wanted: dict) -> dict:
    """What to remember about a file that gets these settings as soon as it says the key."""
    return {"format": format_name, "written": "", "onlyIfKey": key, "waiting": wanted}


def wanted_of(record: dict) -> dict:
    """What a record's file is to say."""
    return record["waiting"] if is_waiting(record) else {key: rule["set"] for key, rule in record["keys"].items()}


def is_waiting(record: dict) -> bool:
    """Whether there is nothing of ours in the file yet."""
    return "waiting" in record


def _apply(format_name: str, start: str | None, wanted: dict, record: dict | None, dropped: set[str]) -> Merged:
    settings = FORMATS[format_name]
    keys = {key: dict(rule) for key, rule in (record or {"keys": {}})["keys"].items()}
    parents = dict(record["parents"]) if record else {}
    text, kept = start or "", []
    for key in sorted(dropped, reverse=True):
        rule = keys.pop(key)
        if settings.holds(text, key, rule["set"]):
            text = settings.revert(text, key, rule["before"], parents)
        elif rule["before"] is not None or settings.shown(text, key) is not None:
            kept.append(key)
    for key, value in wanted.items():
        before = keys[key]["before"] if key in keys else None
        if settings.holds(text, key, value):
            before = before if key in keys else settings.put(text, key, value, {})[1]
        else:
            text, previous = settings.put(text, key, value, parents)
            before = before if key in keys else previous
        keys[key] = {"set": value, "before": before}
    _verify(settings, start or "", text, wanted, dropped - set(kept))
    if not wanted:
        absent = start is None or (record is not None and record["original"] is None and not text.strip())
        return Merged(None if absent else text, None, sorted(kept))
    original = start if record is None else _original(settings, text, keys, parents, record)
    remember = {"format": format_name, "written": digest(text), "original": original, "keys": keys, "parents": parents}
    return Merged(text, remember, sorted(kept))


def _original(settings, text: str, keys: dict, parents: dict, record: dict) -> str | None:
    """What the file would be without us, after someone else has changed it."""
    for key in reversed(list(keys)):
        text = settings.revert(text, key, keys[key]["before"], parents)
    return None if record["original"] is None and not text.strip() else text


def _verify(settings, start: str, text: str, wanted: dict, taken_back: set[str]) -> None:
    for key, value in wanted.items():
        if not settings.holds(text, key, value):
            raise Failure(f"`{key}` cannot be set without changing other parts: set it by hand, then run again")
    ours = set(wanted) | taken_back
    if settings.foreign(start, ours) != settings.foreign(text, ours):
        raise Failure(
            "the settings cannot be merged without changing others: end the file with a line break or simplify it"
        )
