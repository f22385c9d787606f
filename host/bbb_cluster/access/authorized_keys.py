"""Which keys may log in as root: those of the request, and those that somebody else has put there."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass

import yaml

from ..system import files
from ..system.failure import Failure
from ..system.files import Change, FileState

PATH = "/root/.ssh/authorized_keys"
USER_DATA = "/var/lib/cloud/instance/user-data.txt"
PASSWD = "/etc/passwd"
# Each key begins with the length of its kind's name; a command in the options may look like one.
_KEY = re.compile(r"(?:^|[\s,])((?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+)[ \t]+(AAAA[A-Za-z0-9+/]*=*)")


@dataclass(frozen=True)
class Merged:
    """The file as it is to be, and the keys in it that are not ours."""

    text: str
    strangers: list[str]


def parse(keys: list[str]) -> list[str]:
    """The checked keys; the first is the one by which the machine is configured, so there is always one."""
    for key in keys:
        if _KEY.match(key) is None or not key.isprintable():
            raise Failure(f"`{key[:40]}` is no public key")
    if not keys:
        raise Failure("`sshPublicKeys` names no key: nobody could log in any more")
    return keys


def identity(line: str) -> str | None:
    """What makes a key the same one, whatever options and comment it has; None: there is no key in the line."""
    found = None if line.lstrip().startswith("#") else _KEY.search(line)
    return f"{found[1]} {found[2]}" if found else None


def merge(text: str, wanted: list[str], ours: list[str]) -> Merged:
    """A file with each of the wanted keys and without those that were `ours` before; other lines stay."""
    names = {identity(key): key for key in wanted}
    gone = {identity(key) for key in ours} - set(names)
    kept = [line for line in text.splitlines() if identity(line) not in gone]
    there = {identity(line) for line in kept}
    missing = [key for name, key in names.items() if name not in there]
    strangers = [_shown(line) for line in kept if identity(line) not in {None, *names}]
    return Merged("".join(f"{line}\n" for line in kept + missing), strangers)


def _shown(line: str) -> str:
    """The end of the key and its comment, by which a person knows it."""
    found = _KEY.search(line)
    comment = line[found.end() :].strip() if found else ""
    return f"{found[1]} …{found[2][-12:]} {comment}".strip() if found else ""


@dataclass(frozen=True)
class Planned:
    """The files that change, what to remember of root's, and the keys in it that are not ours."""

    changes: list[Change]
    record: dict
    strangers: list[str]


def plan(wanted: list[str], record: dict | None) -> Planned:
    """What has to change; `record` is what was remembered the last time."""
    ours = [*(record["keys"] if record else []), *_of_first_boot()]
    found = files.read(PATH)
    merged = merge(_text(found), wanted, ours)
    uid, gid = files.root_ids()
    fresh = FileState(merged.text.encode("utf-8", "surrogateescape"), 0o600, uid, gid)
    changes = [] if found == fresh else [Change(PATH, fresh.content, fresh.mode, uid, gid)]
    changes += [change for path in _of_other_users() for change in _without(path, wanted, ours)]
    written = hashlib.sha256(fresh.content).hexdigest()
    remember = {"format": "text", "written": written, "before": None, "restart": [], "directories": []}
    return Planned(changes, {**remember, "mode": 0o600, "uid": uid, "gid": gid, "keys": wanted}, merged.strangers)


def _without(path: str, wanted: list[str], ours: list[str]) -> list[Change]:
    """Another user's file without the keys that were ours; nothing is added to it."""
    if files.link_of(path) or files.link_of(os.path.dirname(path)):
        return []
    found = files.read(path)
    text = _text(found)
    gone = {identity(key) for key in ours} - {identity(key) for key in wanted}
    kept = "".join(f"{line}\n" for line in text.splitlines() if identity(line) not in gone)
    is_as_it_was = found is None or len(kept.splitlines()) == len(text.splitlines())
    content = kept.encode("utf-8", "surrogateescape")
    return [] if is_as_it_was else [Change(path, content, found.mode, found.uid, found.gid)]


def _text(found: FileState | None) -> str:
    return found.content.decode("utf-8", "surrogateescape") if found else ""


def _of_first_boot() -> list[str]:
    """The keys that cloud-init was told to write."""
    current = files.read(USER_DATA)
    try:
        data = yaml.safe_load(current.content) if current else None
    except (yaml.YAMLError, ValueError):
        data = None
    keys = data.get("ssh_authorized_keys") if isinstance(data, dict) else None
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []


def _of_other_users() -> list[str]:
    """Files of other users: cloud-init writes to that of the image's own user, too, who may become root."""
    current = files.read(PASSWD)
    lines = current.content.decode("utf-8", "replace").splitlines() if current else []
    homes = [fields[5] for fields in (line.split(":") for line in lines) if len(fields) > 6]
    return [f"{home}/.ssh/authorized_keys" for home in sorted(set(homes)) if home.startswith("/home/")]
