"""The settings of a node: rows for the installed release, merged into what is there, and in force."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Callable

from ..settings import comparison, manifest, override_rows, plan, records, secret_overrides, transaction
from ..settings.apply import apply, with_records
from ..settings.releases import Row
from ..system import apt, nginx, request
from ..system.failure import Failure
from ..system.files import Change
from ..system.units import EVERYTHING, RELOAD, is_up
from . import (
    administrator_files,
    cordons,
    cross_origin,
    installed_release,
    installer,
    maintenance_window,
    node_files,
    overrides,
)
from .administrator_files import AdministratorFile
from .maintenance_window import Policy
from .services import Services

SCOPE = "node"


@dataclass(frozen=True)
class NodeSettings:
    """What a node is to have, whichever release of the line is installed."""

    hostname: str
    release: str
    rows: list[Row]
    proxy_hostname: str | None
    policy: Policy
    # Keys by path: their values are never shown.
    secret: dict[str, list[str]]
    # The administrator's own files.
    own: list[AdministratorFile]


@dataclass(frozen=True)
class Outcome:
    """What was done: files, units, and what stays as somebody changed it."""

    release: str
    changed: list[str]
    restarted: list[str]
    kept: list[str]


@dataclass(frozen=True)
class _Step:
    """What to do: the plan, all files to write for it (our records included), and the units that have to follow."""

    plan: plan.Plan
    changes: list[Change]
    units: list[str]


def parse(data: dict) -> NodeSettings:
    """The checked part of the request."""
    kept = secret_overrides.load(request.field(data, "secretOverrides", str, None))
    rows = manifest.parse(override_rows.put_in(_files(data), kept))
    secret = {path: [row["key"] for row in settings] for path, settings in kept.items()}
    proxy = request.field(data, "proxyHostname", str, None) and request.hostname(data, "proxyHostname")
    names = request.hostname(data, "hostname"), request.field(data, "release", str)
    return NodeSettings(*names, rows, proxy, maintenance_window.parse(data), secret, administrator_files.parse(data))


def _files(data: dict) -> list:
    """What every node has, with what the request sets in it; a machine that is in no cluster has what is asked for."""
    files = request.field(data, "files", list)
    node = request.field(data, "node", str, None)
    if node is None:
        return files
    if not re.fullmatch("[a-z0-9-]+", node):
        raise Failure(f"`node` must be a host's name without its domain, got `{node}`")
    names = node, request.hostname(data, "hostname"), request.hostname(data, "proxyHostname")
    return override_rows.put_in(node_files.of(*names), override_rows.by_path(files))


def configure(wanted: NodeSettings, before_write: Callable[[], None]) -> Outcome:
    """Puts the settings for the installed release in force; under the lock."""
    if installer.state() == "running":
        raise Failure("BigBlueButton is still being installed here (unit bbb-install): run again when it is done")
    apt.wait_until_idle()
    here = installed_release.of_line(wanted.release)
    if here is None:
        raise Failure(f"BigBlueButton is not installed here ({installed_release.RELEASE_FILE} is missing)")
    files = administrator_files.beside(manifest.for_release(wanted.rows, here), wanted.own)
    cordons.settle()
    pending = transaction.recover()
    services = Services()
    step = _plan(files, here, pending, wanted)
    if step.changes or step.units:
        with maintenance_window.open_for_restart(step.units, wanted.policy):
            # Anew: while the node was closed, somebody may have worked on the files.
            step = _plan(files, here, pending, wanted)
            step.plan.announce()
            before_write()
            apply(
                step.changes,
                step.units,
                services.activate,
                services.restarted,
                pending,
                lambda: _prove(wanted, here, step),
            )
    step.plan.report_kept()
    # What somebody else has written since would keep it from its next start.
    nginx.check()
    return Outcome(here, step.plan.paths, services.restarted, step.plan.kept)


def _prove(wanted: NodeSettings, here: str, step: _Step) -> None:
    """That what is in the files is in force: after each change, because nobody else asks before there are users."""
    for finding in overrides.overridden(step.plan.records):
        raise Failure(
            f"{finding.path}: {finding.key} is not in force in {finding.unit}: it is set again in {finding.found}, "
            "take it away there, or let it say the same"
        )
    if wanted.proxy_hostname:
        cross_origin.prove(wanted.hostname, wanted.proxy_hostname, here)


def _plan(files: list[manifest.Wanted], here: str, pending: list[str], wanted: NodeSettings) -> _Step:
    before = records.load()
    remembered = before.scope(SCOPE)
    if before.release not in (None, here):
        remembered = administrator_files.with_new_originals(remembered, wanted.own)
    made = plan.make(files, remembered)
    records.mark_secret(made.records, wanted.secret)
    # After a restart that failed, or an edit that was undone, a service may still work by something else.
    unread = comparison.unread(before.scope(SCOPE)) + overrides.overridden(before.scope(SCOPE))
    stale = [finding.unit for finding in unread if finding.path in made.records]
    reads = {unit for record in made.records.values() for unit in record["restart"]}
    stale += ["nginx"] if "nginx" in reads and not is_up("nginx") else []
    units = _units(made, pending + stale, first=bool(made.records) and not before.scope(SCOPE))
    after = replace(before.replaced(SCOPE, made.records), release=here if made.records else None)
    return _Step(made, with_records(made.changes, before, after), units)


def _units(made: plan.Plan, pending: list[str], first: bool) -> list[str]:
    """What has to be restarted and watched: everything the first time, later only what reads a changed file."""
    units = list(dict.fromkeys(([EVERYTHING] if first else []) + pending + made.units))
    drop_in = any(change.path.startswith("/etc/systemd/system/") for change in made.changes)
    if drop_in and RELOAD not in units:
        units.insert(0, RELOAD)
    return units
