"""Makes a machine the cluster's load balancer: BBBLB on PostgreSQL behind nginx, with a certificate and its tenants."""

from __future__ import annotations

from dataclasses import replace

from ..access import access
from ..balancer import bbblb, bbblb_database, bbblb_player, bbblb_secrets, bbblb_service, bbblb_tenants, bbblb_volume
from ..balancer.bbblb_volume import Volume
from ..settings import manifest, transaction
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, granted, nginx, nginx_sites, request, versions
from ..system.failure import Failure
from ..system.lock import Lock
from ..tls import certificate, certificate_settings
from ..tls.certificate_settings import CertificateSettings
from ..updates import schedule
from .site import Site

NAME = "configure-balancer"
SCOPE = "balancer"
OWN = ("requirements", "secrets", "tenants", "player", "volume")
FIELDS = (*certificate_settings.FIELDS, "access", "maintenance", "repair", "files", *OWN)
PACKAGES = ["nginx", "certbot", "curl", "logrotate", "postgresql", "python3-venv", "e2fsprogs"]


def configure_balancer(data: dict, digest: str) -> dict:
    """Installs what is missing, puts the wanted files in force, and gives BBBLB its tenants."""
    request.only(data, FIELDS)
    certificates, reachable = certificate_settings.parse(data), access.parse(data)
    schedule.parse(data, schedule.PROXY)
    files, requirements = manifest.for_any(manifest.parse(request.field(data, "files", list))), _requirements(data)
    tenants, volume, player = bbblb_tenants.parse(data), bbblb_volume.parse(data), bbblb_player.parse(data)
    certificates = replace(certificates, others=tuple(tenant.host for tenant in tenants))
    names = [tenant.name for tenant in tenants]
    own, secrets = bbblb_secrets.load(request.field(data, "secrets", str, ""), names)
    cloud_init.wait()
    with Lock(NAME), RequestNote(NAME, digest) as note:
        versions.prune()
        pending = transaction.recover()
        note.start()
        ready = access.configure(reachable, note)
        for name in certificates.names:
            nginx_sites.refuse_conflicts(name)
        balancer = Site(SCOPE, files, _activate_bbblb)
        renewed = _prepare(certificates, volume, balancer, note)
        apt.stop_unattended_upgrades()
        schedule.put_in_place(data, schedule.PROXY, pending, note)
        folder = bbblb_service.install(requirements)
        service = bbblb_service.wanted(folder, certificates.hostname, own, bbblb.LOADS)
        balancer.wanted = [*bbblb_volume.wanted(volume), *service, *files]
        kept = ready.kept + balancer.apply([*pending, *(["nginx"] if renewed else [])])
        nginx.ensure_running()
        granted.ensure()
        note.lasting = True
        changed = [f"tenant {name}" for name in bbblb_tenants.converge(tenants, secrets)]
        bbblb_tenants.wait_until_served(tenants, secrets)
        bbblb_service.prune(folder)
        # Last: without it all but recordings works.
        changed += bbblb_player.install(player)
    return balancer.answer(digest, certificates.hostname, [*ready.changed, *balancer.changed, *changed], kept)


def _requirements(data: dict) -> list[str]:
    """Lines of a requirements.txt; each has to pin what it names."""
    lines = request.texts(data, "requirements")
    for line in lines:
        if "==" not in line or "--hash=sha256:" not in line:
            raise Failure(f"a line of `requirements` in the request has no version or no hash: `{line}`")
    return lines


def _prepare(certificates: CertificateSettings, volume: Volume, balancer: Site, note: RequestNote) -> bool:
    """What is not rolled back: packages, whom the machine trusts, its certificate, user, volume and database."""
    note.lasting = True
    in_place = certificate_settings.are_in_place(certificates)
    apt.install(PACKAGES)
    certificate_settings.put_in_place(certificates)
    bbblb_service.make_user()
    bbblb_volume.put_in_place(volume)
    bbblb_database.prepare()
    renewed = certificate.obtain(certificates, lambda challenge: balancer.serve(certificates, challenge))
    note.lasting = renewed or not in_place
    return renewed


def _activate_bbblb(names: list[str], restarted: list[str]) -> None:
    if bbblb_service.UNIT in names:
        restarted.append(bbblb_service.UNIT)
        bbblb_service.restart()
