"""Makes a machine the cluster's proxy: nginx, a certificate that renews itself, and the rendered files."""

from __future__ import annotations

import os
from dataclasses import replace

from ..access import access
from ..bigbluebutton import route
from ..settings import manifest, transaction
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, granted, nginx, nginx_sites, paths, processes, request, units, versions
from ..system.lock import Lock
from ..tls import certificate, certificate_settings
from ..tls.certificate_settings import CertificateSettings
from ..updates import schedule
from .site import Site

NAME = "configure-proxy"
SCOPE = "proxy"
FIELDS = (*certificate_settings.FIELDS, "names", "access", "maintenance", "peers", "repair", "files")


def configure_proxy(data: dict, digest: str) -> dict:
    """Installs what is missing, then puts the wanted files in force."""
    request.only(data, FIELDS)
    certificates, reachable = _certificates(data), access.parse(data)
    schedule.parse(data, schedule.PROXY)
    site = Site(SCOPE, manifest.for_any(manifest.parse(request.field(data, "files", list))), _activate_units)
    cloud_init.wait()
    with Lock(NAME), RequestNote(NAME, digest) as note:
        versions.prune()
        pending = transaction.recover()
        note.start()
        ready = access.configure(reachable, note)
        nginx_sites.refuse_conflicts(certificates.hostname)
        renewed = _prepare(certificates, site, note)
        apt.stop_unattended_upgrades()
        schedule.put_in_place(data, schedule.PROXY, pending, note)
        kept = ready.kept + site.apply([*pending, *(["nginx"] if renewed else [])])
        nginx.ensure_running()
        granted.ensure()
    return site.answer(digest, certificates.hostname, [*ready.changed, *site.changed], kept)


def _certificates(data: dict) -> CertificateSettings:
    """Of several proxies each is known by a name of its own, too; that of the cluster may lead to any of them."""
    names = request.texts(data, "names")
    others = None if "names" not in data else tuple(names)
    return replace(certificate_settings.parse(data), others=others, shared=bool(names))


def _prepare(certificates: CertificateSettings, site: Site, note: RequestNote) -> bool:
    """What is not rolled back: packages, whom the machine trusts, and its certificate; whether that is a new one."""
    note.lasting = True
    in_place = certificate_settings.are_in_place(certificates)
    apt.install(["nginx", "certbot", "curl", "logrotate"])
    certificate_settings.put_in_place(certificates)
    for folder in (route.LOCATIONS, route.UPSTREAMS):
        os.makedirs(paths.on_host(folder), exist_ok=True)
    renewed = certificate.obtain(certificates, lambda challenge: site.serve(certificates, challenge))
    note.lasting = renewed or not in_place
    return renewed


def _activate_units(names: list[str], restarted: list[str]) -> None:
    """There may be a unit that drains before nginx stops; gone is one that is not wanted any more."""
    for name in names:
        if units.runs_here(name):
            restarted.append(name)
            units.restart(name)
        else:
            processes.run(["systemctl", "stop", name])
