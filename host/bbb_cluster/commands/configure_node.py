"""Puts a node into cluster mode: the manifest's files, merged into what is there, and in force."""

from __future__ import annotations

from ..bigbluebutton import drain, installer, maintenance_window, releases
from ..bigbluebutton.maintenance_window import Policy
from ..settings import comparison, plan, records, transaction
from ..settings.apply import carry_out, with_records
from ..settings.manifest import parse as parse_files
from ..system import apt, request
from ..system.failure import Failure
from ..system.files import Change
from ..system.lock import Lock
from ..system.progress import say
from ..system.services import ALL, Services

SCOPE = "node"
# Of which releases the profile is that was applied last: from, before.
PROFILE = "nodeProfile"


def configure_node(data: dict) -> dict:
    """Applies the manifest's profile for the installed release."""
    wanted_release = request.field(data, "release", str)
    profiles = request.field(data, "profiles", list)
    restart_all = request.texts(data, "restartAll")
    policy = maintenance_window.parse(data)
    with Lock("configure-node"):
        if installer.state() == "running":
            raise Failure("BigBlueButton is still being installed here (unit bbb-install): run again when it is done")
        apt.wait_until_idle()
        profile, here = choose(profiles, wanted_release)
        return _configure(
            parse_files(request.field(profile, "files", list)), profile, here, Services(restart_all), policy
        )


def choose(profiles: list, wanted: str) -> tuple[dict, str]:
    """The profile for the release that is installed, and that release; another line than the wanted is refused."""
    here = releases.installed()
    if here is None:
        raise Failure(f"BigBlueButton is not installed here ({releases.RELEASE_FILE} is missing): install it first")
    if not releases.same_line(here, wanted):
        raise Failure(f"BigBlueButton {here} is installed here, wanted is {wanted}: replace this node to change lines")
    for profile in profiles:
        if not isinstance(profile, dict) or not isinstance(profile.get("from"), str):
            raise Failure("every profile of the manifest must be an object with `from`, `before` and `files`")
    return releases.choose(profiles, here), here


def _configure(wanted: list, profile: dict, here: str, services: Services, policy: Policy) -> dict:
    drain.reopen()
    pending = transaction.recover()
    made, changes, units = _plan(wanted, profile, pending)
    if changes or units:
        with maintenance_window.permission(units, policy):
            # Anew: while meetings were waited for, somebody may have worked on the files.
            made, changes, units = _plan(wanted, profile, pending)
            for change in made.changes:
                say(f"{'removing' if change.content is None else 'writing'} {change.path}")
            carry_out(changes, units, services.activate, services.touched, pending)
    for name in made.left:
        say(f"left as it is, because it was changed on the machine: {name}")
    name = f"{profile['from']} up to {profile.get('before') or 'any'}"
    result = {"release": here, "profile": name, "changed": [change.path for change in made.changes]}
    return {**result, "restarted": services.touched, **({"left": made.left} if made.left else {})}


def _plan(wanted: list, profile: dict, pending: list[str]) -> tuple[plan.Plan, list[Change], list[str]]:
    """What to do, all files to write for it (our records included), and the units that have to follow."""
    scopes = records.load()
    made = plan.make(wanted, scopes.get(SCOPE, {}))
    # After a restart that failed, or an edit that was taken back, a service may still work by something else.
    stale = [finding.unit for finding in comparison.unread(scopes.get(SCOPE, {})) if finding.path in made.records]
    units = units_for(made, pending + stale, first=bool(made.records) and not scopes.get(SCOPE))
    applied = {"from": profile["from"], "before": profile.get("before")} if made.records else {}
    return made, with_records(made.changes, {SCOPE: made.records, PROFILE: applied}, scopes), units


def units_for(made: plan.Plan, pending: list[str], first: bool) -> list[str]:
    """What has to be restarted and watched: everything the first time, later only what reads a changed file."""
    units = list(dict.fromkeys(([ALL] if first else []) + pending + made.units))
    drop_in = any(change.path.startswith("/etc/systemd/system/") for change in made.changes)
    if drop_in and "daemon-reload" not in units:
        units.insert(0, "daemon-reload")
    return units
