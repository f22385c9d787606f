"""Where this machine's data are copied to: told by `pulumi up`, and kept here for the timer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from ..system import files, paths, progress, request
from ..system.failure import Failure
from ..system.files import Change

KEPT = f"{paths.STATE}/backup.json"
KEY = f"{paths.STATE}/backup-key"
KNOWN_HOSTS = f"{paths.STATE}/backup-known-hosts"
FIELDS = ("repository", "keepDaily", "keepWeekly", "password", "accessKeyId", "secretAccessKey", "sshPrivateKey")
_PUBLIC = "sshPublicKey"
_REPOSITORY = re.compile(r"(sftp:|s3:https?://|/)[\x21-\x7e]+")


@dataclass(frozen=True)
class Backup:
    """`host` is by which the copies are known; `previous` the password before this one, as long as it may be needed."""

    host: str
    repository: str
    keep_daily: int
    keep_weekly: int
    password: str = field(repr=False)
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    ssh_public_key: str = ""
    previous: str = field(default="", repr=False)


def parse(data: dict) -> dict | None:
    """The request's `backup`, checked; None: there is none."""
    wanted = request.field(data, "backup", dict, None)
    if wanted is None:
        return None
    request.only(wanted, (*FIELDS, _PUBLIC), "`backup` in the request")
    for name in FIELDS:
        kind = int if name in ("keepDaily", "keepWeekly") else str
        request.field(wanted, name, kind, *([] if name in FIELDS[:4] else [""]))
    if not _REPOSITORY.fullmatch(wanted["repository"]):
        raise Failure(f"`repository` in the request must be a path, sftp: or s3:, got `{wanted['repository']}`")
    return {"host": request.hostname(data, "hostname"), **wanted}


def keep(wanted: dict | None) -> bool:
    """Keeps what was parsed for root alone; whether it is another than before."""
    if wanted is None:
        there = files.exists(KEPT)
        for path in (KEPT, KEY):
            files.write(Change(path, None))
        return there
    before = files.read_json(KEPT)
    private = wanted.get("sshPrivateKey") or ""
    content = {name: value for name, value in wanted.items() if name != "sshPrivateKey"}
    password = before.get("password")
    # Until the repository has the new one: this may be interrupted.
    content["previous"] = before.get("previous", "") if password == content["password"] else password or ""
    if private:
        files.ensure(KEY, private.encode("ascii"), 0o600)
    else:
        files.write(Change(KEY, None))
    return files.ensure(KEPT, json.dumps(content, sort_keys=True).encode("ascii"), 0o600)


def forget_previous() -> None:
    """The repository has the password of now."""
    kept = files.read_json(KEPT)
    files.ensure(KEPT, json.dumps({**kept, "previous": ""}, sort_keys=True).encode("ascii"), 0o600)


def load() -> Backup | None:
    """What was kept last; from now on none of its secrets is reported. None: there is no backup."""
    kept = files.read_json(KEPT)
    if not kept:
        return None
    for name in ("password", "previous", "secretAccessKey"):
        progress.hide(kept.get(name) or "")
    return Backup(
        kept["host"],
        kept["repository"],
        kept["keepDaily"],
        kept["keepWeekly"],
        kept["password"],
        kept.get("accessKeyId") or "",
        kept.get("secretAccessKey") or "",
        kept.get(_PUBLIC) or "",
        kept.get("previous") or "",
    )


def required() -> Backup:
    """The same for who cannot do without."""
    kept = load()
    if kept is None:
        raise Failure("no backup is configured here: set `backup` in the stack's configuration, then `pulumi up`")
    return kept
