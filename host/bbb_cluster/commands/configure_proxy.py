"""Makes a machine the cluster's proxy: nginx, a certificate that renews itself, and the rendered files."""

from __future__ import annotations

import os

from ..bigbluebutton import route
from ..settings import manifest, plan, records, transaction
from ..settings.apply import apply, with_records
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, nginx, paths, processes, request, versions
from ..system.lock import Lock
from ..tls import certificate, certificate_settings
from ..tls.certificate_settings import CertificateSettings

NAME = "configure-proxy"
SCOPE = "proxy"
FIELDS = (*certificate_settings.FIELDS, "repair", "files")


def configure_proxy(data: dict, digest: str) -> dict:
    """Installs what is missing, then puts the wanted files in force."""
    request.only(data, FIELDS)
    certificates = certificate_settings.parse(data)
    wanted = manifest.for_any(manifest.parse(request.field(data, "files", list)))
    cloud_init.wait()
    with Lock(NAME), RequestNote(NAME, digest) as note:
        versions.prune()
        pending = transaction.recover()
        note.start()
        _prepare(certificates, note)
        result = _apply(wanted, pending)
    return {"request": digest, "hostname": certificates.hostname, **result}


def _prepare(certificates: CertificateSettings, note: RequestNote) -> None:
    """What is not rolled back: packages, whom the machine trusts, and its certificate."""
    note.lasting = True
    in_place = certificate_settings.are_in_place(certificates)
    apt.install(["nginx", "certbot", "curl"])
    certificate_settings.put_in_place(certificates)
    os.makedirs(paths.on_host(route.FOLDER), exist_ok=True)
    processes.run_checked(["systemctl", "enable", "--now", "nginx"], "nginx does not start")
    renewed = certificate.obtain(certificates)
    note.lasting = renewed or not in_place


def _apply(wanted: list[manifest.Wanted], pending: list[str]) -> dict:
    before = records.load()
    made = plan.make(wanted, before.scope(SCOPE))
    made.report_kept()
    made.announce()
    changes = with_records(made.changes, before, before.replaced(SCOPE, made.records))
    units = list(dict.fromkeys(pending + made.units))
    restarted: list[str] = []
    if changes or units:
        apply(changes, units, lambda names: _activate(names, restarted), restarted, pending)
    return {"changed": made.paths, "restarted": restarted, **({"kept": made.kept} if made.kept else {})}


def _activate(names: list[str], restarted: list[str]) -> None:
    """On the proxy, nginx is all that reads files of ours."""
    if names:
        nginx.check()
        restarted.append("nginx")
        nginx.reload()
