"""Puts in force who may reach this machine, as a request says it: all of it, or nothing."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

from ..settings import plan, records, transaction
from ..settings.apply import with_records
from ..settings.request_log import RequestNote
from ..system import apt, files, request
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import report
from . import authorized_keys, host_firewall, rules
from .rules import Rules

FIREWALL, KEYS = "firewall", "keys"
FIELDS = ("network", "open", "untracked", "sshPublicKeys")
SSH_PORT = 22


@dataclass(frozen=True)
class Access:
    """Who may reach the machine, and whose key may log in as root."""

    rules: Rules
    keys: list[str]


@dataclass
class Outcome:
    """What was done: files, and keys that stay although we do not know them."""

    changed: list[str]
    kept: list[str]


def parse(data: dict) -> Access | None:
    """The checked part of the request; None: it is silent about it."""
    given = request.field(data, "access", dict, None)
    if given is None:
        return None
    request.only(given, FIELDS, "`access`")
    untracked = tuple(request.texts(given, "untracked"))
    open_rules = rules.parse(request.field(given, "network", str), request.texts(given, "open"), untracked)
    return Access(open_rules, authorized_keys.parse(request.texts(given, "sshPublicKeys")))


def configure(access: Access | None, note: RequestNote) -> Outcome:
    """Puts it in force, before anything that may take long; under the lock."""
    if access is None:
        return Outcome([], [])
    _refuse_lockout(access.rules)
    apt.install(["nftables"])
    pending = transaction.recover()
    before = records.load()
    made = plan.make(host_firewall.wanted(access.rules), before.scope(FIREWALL))
    keys = authorized_keys.plan(access.keys, before.scope(KEYS).get(authorized_keys.PATH))
    after = before.replaced(FIREWALL, made.records).replaced(KEYS, {authorized_keys.PATH: keys.record})
    changes = made.changes + keys.changes
    if changes or after != before or not host_firewall.is_in_force():
        for change in changes:
            report(f"writing {change.path}")
        note.start()
        _apply(with_records(changes, before, after), pending)
        # It stays, whatever fails later.
        note.lasting = True
    for name in keys.strangers:
        report(f"kept: the key {name} in {authorized_keys.PATH} was put there by somebody else")
    kept = made.kept + [f"{authorized_keys.PATH}: {name}" for name in keys.strangers]
    return Outcome([change.path for change in changes], kept)


def _refuse_lockout(wanted: Rules) -> None:
    client = os.environ.get("SSH_CONNECTION", "").split(" ")[0].split("%")[0]
    if client and not wanted.let_in(client, SSH_PORT):
        raise Failure(f"the firewall would lock {client} out, from where this command came: add it to adminCidrs")


def _apply(changes: list[Change], pending: list[str]) -> None:
    """Restarts that are pending from an interrupted run stay noted: they are not ours."""
    transaction.begin(changes, pending)
    try:
        files.write_all(changes)
        host_firewall.put_in_force()
    except (Failure, OSError) as error:
        report(f"failed: {message(error).rstrip('.')}; rolling back")
        transaction.restore()
        with contextlib.suppress(Failure, OSError):
            host_firewall.put_in_force()
        transaction.end(pending)
        raise Failure(f"{message(error).rstrip('.')}. The previous files are back") from error
    transaction.end(pending)
