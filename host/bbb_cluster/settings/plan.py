"""From what is wanted, what stands and what we remember to what has to change. Reads, but writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..system import files
from ..system.failure import Failure
from ..system.files import Change, Found
from . import merge, owned_file
from .manifest import MERGED, Wanted


@dataclass
class Plan:
    """Files to change, what to remember afterwards, and what is left as the administrator made it."""

    changes: list[Change] = field(default_factory=list)
    records: dict = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @property
    def units(self) -> list[str]:
        """What reads the changed files, each once."""
        return list(dict.fromkeys(unit for change in self.changes for unit in change.restart))


def make(wanted: list[Wanted], remembered: dict) -> Plan:
    """The plan for one scope of the records."""
    plan = Plan()
    kept = {file.path for file in wanted}
    for path in reversed(list(remembered)):
        if path not in kept:
            _named(path, _withdraw, plan, path, remembered[path])
    for file in wanted:
        _named(file.path, _apply, plan, file, remembered.get(file.path))
    return plan


def _named(path: str, step, *arguments) -> None:
    try:
        step(*arguments)
    except Failure as error:
        raise Failure(f"{path}: {error}") from None


def _withdraw(plan: Plan, path: str, record: dict) -> None:
    found = files.read(path)
    target, left = _without_us(found, record)
    plan.left += [f"{path}: {key}" if key else path for key in left]
    if target is None and found:
        folders = tuple(record["directories"])
        plan.changes.append(Change(path, None, restart=tuple(record["restart"]), directories=folders))
    else:
        _note(plan, path, found, target, tuple(record["restart"]))


def _without_us(found: Found | None, record: dict) -> tuple[Found | None, list[str]]:
    if record["format"] not in MERGED:
        target, left = owned_file.withdraw(found, record)
        return target, [""] if left else []
    if found is None:
        return None, []
    merged = merge.merge(record["format"], _text(found), {}, record)
    return _with_text(found, merged.text), merged.left


def _apply(plan: Plan, file: Wanted, record: dict | None) -> None:
    found = stands = files.read(file.path)
    if found is None and files.exists(file.path):
        raise Failure(f"it is a link to {files.link_of(file.path)}, where nothing is: remove the link, then run again")
    if record and (record["format"] in MERGED or file.format in MERGED) and record["format"] != file.format:
        stands, left = _without_us(found, record)
        plan.left += [f"{file.path}: {key}" if key else file.path for key in left]
        record = None
    fresh = Found(b"", file.mode, *files.owner_ids(file.owner))
    if file.format in MERGED:
        merged = merge.merge(file.format, _text(stands), file.settings, record)
        plan.left += [f"{file.path}: {key}" for key in merged.left]
        target, remember = _with_text(stands or fresh, merged.text), merged.record
    else:
        content = owned_file.text_of(file.content, file.format)
        target = Found(content, fresh.mode, fresh.uid, fresh.gid)
        remember = owned_file.remember(file.format, content, stands, record)
    if remember:
        made = record["directories"] if record else files.missing_directories(file.path)
        plan.records[file.path] = {**remember, "restart": list(file.restart), "directories": made}
        if file.format not in MERGED:
            plan.records[file.path].update(mode=target.mode, uid=target.uid, gid=target.gid)
    _note(plan, file.path, found, target, file.restart)


def _note(plan: Plan, path: str, found: Found | None, target: Found | None, restart: tuple[str, ...]) -> None:
    if target is None and found is not None:
        plan.changes.append(Change(path, None, restart=restart))
    elif target is not None and target != found:
        plan.changes.append(Change(path, target.content, target.mode, target.uid, target.gid, restart))


def _text(found: Found | None) -> str | None:
    return found.content.decode("utf-8", "surrogateescape") if found else None


def _with_text(found: Found, text: str | None) -> Found | None:
    if text is None:
        return None
    return Found(text.encode("utf-8", "surrogateescape"), found.mode, found.uid, found.gid)
