"""What has to change, given what is wanted, what is there, and what we remember. Reads, but writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..system import directories, files
from ..system.failure import Failure
from ..system.files import Change, FileState
from ..system.progress import report
from . import encoding, merge, owned_file
from .manifest import MERGED, Wanted


@dataclass
class Plan:
    """Files to change, what to remember afterwards, and what stays as the administrator changed it."""

    changes: list[Change] = field(default_factory=list)
    records: dict = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def units(self) -> list[str]:
        """What reads the changed files, each once."""
        return list(dict.fromkeys(unit for change in self.changes for unit in change.restart))

    @property
    def paths(self) -> list[str]:
        """The paths of the files to change."""
        return [change.path for change in self.changes]

    def announce(self) -> None:
        """Reports what is about to be changed."""
        for change in self.changes:
            report(f"{'removing' if change.content is None else 'writing'} {change.path}")

    def report_kept(self) -> None:
        """Reports what stays as somebody else changed it."""
        for name in self.kept:
            report(f"kept: {name} was changed on this machine")


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
    if merge.is_waiting(record):
        return
    found = files.read(path)
    target, kept = _without_us(found, record)
    plan.kept += [f"{path}: {key}" if key else path for key in kept]
    if target is None and found:
        folders = tuple(record["directories"])
        plan.changes.append(Change(path, None, restart=tuple(record["restart"]), directories=folders))
    else:
        _note(plan, path, found, target, tuple(record["restart"]))


def _without_us(found: FileState | None, record: dict) -> tuple[FileState | None, list[str]]:
    if record["format"] not in MERGED:
        target, kept = owned_file.withdraw(found, record)
        return target, [""] if kept else []
    if found is None:
        return None, []
    merged = merge.merge(record["format"], _text(found, record["format"]), {}, record)
    return _with_text(found, merged.text), merged.kept


def _apply(plan: Plan, file: Wanted, record: dict | None) -> None:
    found = current = files.read(file.path)
    if file.only_if_key and not merge.says(file.format, _text(found, file.format), file.only_if_key):
        _wait(plan, file, record)
        return
    if record and merge.is_waiting(record):
        record = None
    if found is None and files.exists(file.path):
        raise Failure(f"it is a dangling link to {files.link_of(file.path)}: remove the link, then run again")
    if record and (record["format"] in MERGED or file.format in MERGED) and record["format"] != file.format:
        current, kept = _without_us(found, record)
        plan.kept += [f"{file.path}: {key}" if key else file.path for key in kept]
        record = None
    fresh = FileState(b"", 0o644, *files.root_ids())
    if file.format in MERGED:
        merged = merge.merge(file.format, _text(current, file.format), file.settings, record)
        plan.kept += [f"{file.path}: {key}" for key in merged.kept]
        target, remember = _with_text(current or fresh, merged.text), merged.record
    else:
        target = FileState(file.content, file.mode, fresh.uid, fresh.gid)
        remember = owned_file.remember(file.format, file.content, current, record)
    if remember:
        made = record["directories"] if record else directories.missing(file.path)
        plan.records[file.path] = {**remember, "restart": list(file.restart), "directories": made}
        for name, value in (("onlyIfKey", file.only_if_key), ("appends", file.appends and vars(file.appends))):
            plan.records[file.path].update({name: value} if value else {})
        if file.format not in MERGED:
            plan.records[file.path].update(mode=target.mode, uid=target.uid, gid=target.gid)
    _note(plan, file.path, found, target, file.restart)


def _wait(plan: Plan, file: Wanted, record: dict | None) -> None:
    """Takes back what we set in a file that is not one to set anything in, and remembers what it would get."""
    if record:
        _withdraw(plan, file.path, record)
    waiting = merge.waiting(file.format, file.only_if_key, file.settings)
    plan.records[file.path] = {**waiting, "restart": list(file.restart), "directories": []}


def _note(plan: Plan, path: str, found: FileState | None, target: FileState | None, restart: tuple[str, ...]) -> None:
    if target is None and found is not None:
        plan.changes.append(Change(path, None, restart=restart))
    elif target is not None and target != found:
        plan.changes.append(Change(path, target.content, target.mode, target.uid, target.gid, restart))


def _text(found: FileState | None, format_name: str) -> str | None:
    return encoding.text_of(found.content, format_name) if found else None


def _with_text(found: FileState, text: str | None) -> FileState | None:
    if text is None:
        return None
    return FileState(text.encode("utf-8", "surrogateescape"), found.mode, found.uid, found.gid)
