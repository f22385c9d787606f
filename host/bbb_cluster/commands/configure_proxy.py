"""Makes a machine the cluster's proxy: nginx, a certificate that renews itself, and the rendered files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..access import access
from ..bigbluebutton import route
from ..settings import manifest, plan, records, transaction
from ..settings.apply import apply, with_records
from ..settings.manifest import Wanted
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, files, nginx, nginx_sites, paths, request, units, versions
from ..system.files import Change
from ..system.lock import Lock
from ..tls import certificate, certificate_settings
from ..tls.certificate_settings import CertificateSettings
from ..updates import schedule

NAME = "configure-proxy"
SCOPE = "proxy"
FIELDS = (*certificate_settings.FIELDS, "access", "maintenance", "repair", "files")


@dataclass
class Done:
    """What was done: files changed, units restarted."""

    changed: list[str] = field(default_factory=list)
    restarted: list[str] = field(default_factory=list)


def configure_proxy(data: dict, digest: str) -> dict:
    """Installs what is missing, then puts the wanted files in force."""
    request.only(data, FIELDS)
    certificates, reachable = certificate_settings.parse(data), access.parse(data)
    schedule.parse(data, schedule.PROXY)
    wanted = manifest.for_any(manifest.parse(request.field(data, "files", list)))
    cloud_init.wait()
    with Lock(NAME), RequestNote(NAME, digest) as note:
        versions.prune()
        pending = transaction.recover()
        note.start()
        done = Done()
        ready = access.configure(reachable, note)
        nginx_sites.refuse_conflicts(certificates.hostname)
        renewed = _prepare(certificates, wanted, note, done)
        apt.stop_unattended_upgrades()
        schedule.put_in_place(data, schedule.PROXY, pending, note)
        kept = ready.kept + _apply(wanted, [*pending, *(["nginx"] if renewed else [])], done)
        nginx.ensure_running()
    changed = list(dict.fromkeys([*ready.changed, *done.changed]))
    result = {"request": digest, "hostname": certificates.hostname, "changed": changed}
    result["restarted"] = list(dict.fromkeys(done.restarted))
    return {**result, **({"kept": kept} if kept else {})}


def _prepare(certificates: CertificateSettings, wanted: list[Wanted], note: RequestNote, done: Done) -> bool:
    """What is not rolled back: packages, whom the machine trusts, and its certificate; whether that is a new one."""
    note.lasting = True
    in_place = certificate_settings.are_in_place(certificates)
    apt.install(["nginx", "certbot", "curl", "logrotate"])
    certificate_settings.put_in_place(certificates)
    for folder in (route.LOCATIONS, route.UPSTREAMS):
        os.makedirs(paths.on_host(folder), exist_ok=True)
    renewed = certificate.obtain(certificates, lambda challenge: _serve(certificates, wanted, challenge, done))
    note.lasting = renewed or not in_place
    return renewed


def _serve(certificates: CertificateSettings, wanted: list[Wanted], challenge: Change, done: Done) -> None:
    """
    Has nginx answer the ACME server, whatever has been done to its files: with everything but what needs a certificate,
    as long as there is none.
    """
    before = records.load()
    recorded = before.scope(SCOPE)
    late = {file.path for file in wanted if file.needs_certificate}
    early = [file for file in wanted if file.path not in late]
    made = plan.make(early, {path: record for path, record in recorded.items() if path not in late})
    made.announce()
    aside = [Change(path, None) for path in late if path in recorded and files.exists(path)]
    dropped = nginx_sites.without_debians()
    changes = [*made.changes, *dropped, *([] if certificate.is_loadable(certificates.hostname) else aside), challenge]
    kept = {path: record for path, record in recorded.items() if path in late}
    changes = with_records(changes, before, before.replaced(SCOPE, {**made.records, **kept}))
    done.changed += [*made.paths, *(change.path for change in dropped)]
    _put_in_force(changes, list(dict.fromkeys([*made.units, "nginx"])), [], done)


def _apply(wanted: list[Wanted], pending: list[str], done: Done) -> list[str]:
    """All files; what stays as somebody else changed it."""
    before = records.load()
    made = plan.make(wanted, before.scope(SCOPE))
    made.report_kept()
    made.announce()
    dropped = nginx_sites.without_debians()
    changes = with_records([*made.changes, *dropped], before, before.replaced(SCOPE, made.records))
    needed = list(dict.fromkeys([*pending, *made.units, *(["nginx"] if dropped else [])]))
    done.changed += [*made.paths, *(change.path for change in dropped)]
    if changes or needed:
        _put_in_force(changes, needed, pending, done)
    return made.kept


def _put_in_force(changes: list[Change], needed: list[str], pending: list[str], done: Done) -> None:
    restarted: list[str] = []
    apply(changes, needed, lambda names: _activate(names, restarted), restarted, pending)
    done.restarted += restarted


def _activate(names: list[str], restarted: list[str]) -> None:
    """On the proxy, nginx is all that reads files of ours."""
    if units.RELOAD in names:
        restarted.append(units.RELOAD)
        units.reload_definitions()
    if "nginx" in names:
        nginx.check()
        restarted.append("nginx")
        nginx.reload()
