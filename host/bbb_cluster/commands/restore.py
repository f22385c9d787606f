"""
Brings back what BBBLB knew and had from a copy, on a machine that `pulumi up` has made. BBBLB serves until all of it is
here, and after a failure as before; all of it can be repeated after any interruption.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ..backup import note, settings
from ..backup.repository import Repository
from ..balancer import (
    bbblb_copy,
    bbblb_cordons,
    bbblb_database,
    bbblb_files,
    bbblb_merge,
    bbblb_rooms,
    bbblb_service,
    bbblb_tenants,
    membership,
)
from ..balancer.balancer import host_of
from ..bigbluebutton import api
from ..system import files, paths, processes, request
from ..system.failure import Failure, message
from ..system.lock import Lock
from ..system.progress import hide, report
from . import backup

NAME = "restore"
PLACE = f"{paths.STATE}/restore"
MEMBERS = f"{PLACE}/{backup.MEMBERS}"
BUSY_SECONDS = 600


def restore(data: dict, _digest: str) -> dict:
    """
    For {snapshot, nodes, replace, password}: the newest copy, or one by its id. `nodes` are the URLs of those that are
    to be there, by name. `replace` allows it where the database has something; `password` is one that it had.
    """
    request.only(data, ("snapshot", "nodes", "replace", "password"))
    nodes = {name: host_of(url) for name, url in request.field(data, "nodes", dict).items()}
    with note.alone(BUSY_SECONDS), Lock(NAME):
        repository = _opened(request.field(data, "password", str, ""))
        chosen = _chosen(repository, request.field(data, "snapshot", str, ""))
        here = bbblb_copy.in_use()
        if any(here.values()) and not request.field(data, "replace", bool, False):
            raise Failure(
                f"BBBLB has {here['meetings']} meetings and {here['recordings']} recordings here: "
                "`npm run restore -- --yes` adds what the backup has, and takes its word where they differ"
            )
        report(f"restoring the backup of {chosen['time']}")
        try:
            _bring(repository, chosen["id"])
            with _stopped():
                done = _restored(nodes)
        finally:
            bbblb_files.end()
            shutil.rmtree(paths.on_host(PLACE), ignore_errors=True)
        bbblb_tenants.wait_until_served(*done.pop("access"))
        note.keep(at=chosen["time"], snapshot=chosen["id"], failure=None)
    return {"snapshot": chosen["id"], "time": chosen["time"], **done}


def _opened(password: str) -> Repository:
    repository = Repository(settings.required())
    hide(password)
    repository.open(password)
    return repository


def _chosen(repository: Repository, snapshot: str) -> dict:
    found = repository.snapshots()
    fitting = [one for one in found if one["id"].startswith(snapshot[:8])] if snapshot else found
    if not fitting:
        ids = ", ".join(f"{one['id']} of {one['time']}" for one in found[-10:]) or "none of this load balancer's"
        raise Failure(f"{repository.name} has no backup {snapshot or 'to restore'}; there are: {ids}")
    return fitting[-1]


def _bring(repository: Repository, snapshot: str) -> None:
    """What takes long, beside what is in use."""
    shutil.rmtree(paths.on_host(PLACE), ignore_errors=True)
    os.makedirs(paths.on_host(PLACE), mode=0o700)
    repository.restore(snapshot, paths.on_host(backup.STAGE), paths.on_host(PLACE))
    dump = f"{paths.on_host(PLACE)}/{backup.DUMP}"
    bbblb_files.begin()
    without = [*bbblb_files.WITHOUT, *bbblb_files.here()]
    recordings = snapshot, paths.on_host(bbblb_service.DATA), paths.on_host(bbblb_files.folder()), without
    bbblb_files.ensure_room(os.path.getsize(dump) + repository.size(*recordings))
    report("bringing back the recordings")
    repository.restore(*recordings)
    bbblb_service.give(bbblb_files.folder())
    report("bringing back the database")
    bbblb_copy.load(dump)


@contextlib.contextmanager
def _stopped() -> Iterator[None]:
    """While BBBLB does not serve; afterwards it does, whatever has happened."""
    try:
        processes.run(["systemctl", "stop", f"{bbblb_service.UNIT}.socket", f"{bbblb_service.UNIT}.service"], 180)
        yield
    except BaseException:
        try:
            bbblb_service.restart()
        except Failure as error:
            report(message(error))
        raise
    bbblb_service.restart()


def _restored(nodes: dict[str, str]) -> dict:
    fresh = bbblb_copy.fresh()
    access = bbblb_merge.take_tenants(fresh)
    known, servers = _members(fresh, nodes)
    bbblb_merge.put_servers(fresh, servers)
    recordings = bbblb_merge.take_recordings(fresh)
    bbblb_merge.take_callbacks(fresh)
    rooms, silent = bbblb_rooms.take(fresh, servers, _ask, bbblb_merge.rooms())
    bbblb_files.put_in_place()
    bbblb_files.link(fresh)
    bbblb_copy.note_known(fresh)
    bbblb_copy.take_its_place()
    bbblb_files.publish()
    for one in known:
        membership.keep(one)
    closed = {one.node: one.reasons() for one in known if servers.get(host_of(one.url), {}).get("enabled") is False}
    return {
        "access": access,
        "tenants": [tenant.name for tenant in access[0]],
        "nodes": sorted(name for name, domain in nodes.items() if domain in servers),
        "unknown": sorted(name for name, domain in nodes.items() if domain not in servers),
        "closed": closed,
        "silent": silent,
        "rooms": rooms,
        "recordings": bbblb_copy.counts()["recordings"],
        "newer": recordings,
    }


def _members(fresh: str, nodes: dict[str, str]) -> tuple[list[membership.Membership], dict[str, dict]]:
    """What is to be known of the nodes here, and at BBBLB by their domains."""
    then, now = bbblb_merge.servers(fresh), bbblb_merge.servers(bbblb_database.NAME)
    known, servers = [], {}
    for name, domain in nodes.items():
        was, row = then.get(domain), now.get(domain) or then.get(domain)
        if row is None:
            continue
        is_enabled = now[domain]["enabled"] if domain in now else None
        before = membership.read(name, files.read_json(f"{MEMBERS}/{name}.json"))
        one, enabled = bbblb_cordons.merged(before, was and was["enabled"], membership.load(name), is_enabled)
        servers[domain] = {**row, "enabled": enabled}
        known += [one] if one else []
    return known, servers


def _ask(domain: str, secret: str) -> Element:
    return api.Elsewhere(domain, None, secret).call("getMeetings")
