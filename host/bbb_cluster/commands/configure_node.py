"""Makes a machine a node of the cluster: BigBlueButton in the wanted release, with the cluster's settings in force."""

from __future__ import annotations

from ..access import access
from ..access.access import Access
from ..bigbluebutton import installation, node_settings
from ..settings import secret_overrides, transaction
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, nginx, request, versions
from ..system.lock import Lock
from ..tls import certificate_settings
from ..tls.certificate_settings import CertificateSettings
from ..updates import schedule

NAME = "configure-node"
FIELDS = (
    *certificate_settings.FIELDS,
    *(
        "access",
        "release",
        "installer",
        "restart",
        "maintenance",
        "repair",
        "secretOverrides",
        "node",
        "proxyHostname",
        "files",
    ),
)


def configure_node(data: dict, digest: str) -> dict:
    """Installs what is not installed yet, then puts the settings for the installed release in force."""
    request.only(data, FIELDS)
    certificates = certificate_settings.parse(data)
    reachable, order, wanted = access.parse(data), installation.parse(data), node_settings.parse(data)
    schedule.parse(data, schedule.NODE)
    note = RequestNote(NAME, digest)
    cloud_init.wait()
    installation.bring(order, NAME, lambda: _before_installation(data, certificates, reachable, note))
    with Lock(NAME), note:
        versions.prune()
        ready = _prepare(data, certificates, reachable, note)
        api = installation.credentials(order)
        outcome = node_settings.configure(wanted, note.start)
        if not wanted.secret:
            secret_overrides.forget()
    result = {"request": digest, "release": outcome.release, "secret": api.secret, "url": api.url}
    result.update(changed=ready.changed + outcome.changed, restarted=outcome.restarted)
    kept = ready.kept + outcome.kept
    return {**result, **({"kept": kept} if kept else {})}


def _before_installation(
    data: dict, certificates: CertificateSettings, reachable: Access | None, note: RequestNote
) -> None:
    # Whatever fails from here on: an installation is not rolled back.
    note.lasting = True
    note.start()
    _prepare(data, certificates, reachable, note)
    # Before the installer has nginx serve the name, and asks for the first certificate by it.
    nginx.allow_name(certificates.hostname)


def _prepare(
    data: dict, certificates: CertificateSettings, reachable: Access | None, note: RequestNote
) -> access.Outcome:
    # What a killed run has left must not be taken for what is in place.
    pending = transaction.recover()
    outcome = access.configure(reachable, note)
    if not certificate_settings.are_in_place(certificates):
        note.lasting = True
        note.start()
        certificate_settings.put_in_place(certificates)
    apt.stop_unattended_upgrades()
    schedule.put_in_place(data, schedule.NODE, pending, note)
    return outcome
