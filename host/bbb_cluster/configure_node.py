"""Puts a node into cluster mode: the manifest's files, merged into what is there, and in force."""

from __future__ import annotations

from . import installer, plan, records, release, request, transaction
from .apply import carry_out, with_records
from .failure import Failure
from .lock import Lock
from .manifest import parse as parse_files
from .progress import say
from .services import ALL, Services

SCOPE = "node"


def configure_node(data: dict) -> dict:
    """Applies the manifest's profile for the installed release."""
    wanted_release = request.field(data, "release", str)
    profiles = request.field(data, "profiles", list)
    restart_all = request.texts(data, "restartAll")
    with Lock("configure-node"):
        if installer.state() == "running":
            raise Failure("BigBlueButton is still being installed here (unit bbb-install): run again when it is done")
        profile, here = choose(profiles, wanted_release)
        return _configure(parse_files(request.field(profile, "files", list)), profile, here, restart_all)


def choose(profiles: list, wanted: str) -> tuple[dict, str]:
    """The profile for the release that is installed, and that release; another line than the wanted is refused."""
    here = release.installed()
    if here is None:
        raise Failure(f"BigBlueButton is not installed here ({release.RELEASE_FILE} is missing): install it first")
    if not release.same_line(here, wanted):
        raise Failure(f"BigBlueButton {here} is installed here, wanted is {wanted}: replace this node to change lines")
    for profile in profiles:
        if not isinstance(profile, dict) or not isinstance(profile.get("from"), str):
            raise Failure("every profile of the manifest must be an object with `from`, `before` and `files`")
    return release.choose(profiles, here), here


def _configure(wanted: list, profile: dict, here: str, restart_all: list[str]) -> dict:
    pending = transaction.recover()
    scopes = records.load()
    made = plan.make(wanted, scopes.get(SCOPE, {}))
    for name in made.left:
        say(f"left as it is, because it was changed on the machine: {name}")
    units = units_for(made, pending, first=SCOPE not in scopes)
    changes = with_records(made.changes, SCOPE, made.records, scopes)
    for change in made.changes:
        say(f"{'removing' if change.content is None else 'writing'} {change.path}")
    services = Services(restart_all)
    if changes or units:
        carry_out(changes, units, services.activate, services.touched)
    name = f"{profile['from']} up to {profile.get('before') or 'any'}"
    result = {"release": here, "profile": name, "changed": [change.path for change in made.changes]}
    return {**result, "restarted": services.touched, **({"left": made.left} if made.left else {})}


def units_for(made: plan.Plan, pending: list[str], first: bool) -> list[str]:
    """What has to be restarted and watched: everything the first time, later only what reads a changed file."""
    units = list(dict.fromkeys(([ALL] if first else []) + pending + made.units))
    drop_in = any(change.path.startswith("/etc/systemd/system/") for change in made.changes)
    if drop_in and "daemon-reload" not in units:
        units.insert(0, "daemon-reload")
    return units
