"""Makes a machine a node of the cluster: BigBlueButton in the wanted release, with the cluster's settings in force."""

from __future__ import annotations

from ..bigbluebutton import installation, node_settings
from ..settings import secret_overrides, transaction
from ..settings.request_log import RequestNote
from ..system import apt, cloud_init, request, versions
from ..system.lock import Lock
from ..tls import certificate_settings
from ..tls.certificate_settings import CertificateSettings

NAME = "configure-node"
FIELDS = (
    *certificate_settings.FIELDS,
    *("release", "installer", "restart", "repair", "secretOverrides", "files", "proxyHostname"),
)


def configure_node(data: dict, digest: str) -> dict:
    """Installs what is not installed yet, then puts the settings for the installed release in force."""
    request.only(data, FIELDS)
    certificates = certificate_settings.parse(data)
    order, wanted = installation.parse(data), node_settings.parse(data)
    note = RequestNote(NAME, digest)
    cloud_init.wait()
    installation.bring(order, NAME, lambda: _before_installation(certificates, note))
    with Lock(NAME), note:
        versions.prune()
        _prepare(certificates, note)
        api = installation.credentials(order)
        outcome = node_settings.configure(wanted, note.start)
        if not wanted.secret:
            secret_overrides.forget()
    result = {"request": digest, "release": outcome.release, "secret": api.secret, "url": api.url}
    result.update(changed=outcome.changed, restarted=outcome.restarted)
    return {**result, **({"kept": outcome.kept} if outcome.kept else {})}


def _before_installation(certificates: CertificateSettings, note: RequestNote) -> None:
    # Whatever fails from here on: an installation is not rolled back.
    note.lasting = True
    note.start()
    _prepare(certificates, note)


def _prepare(certificates: CertificateSettings, note: RequestNote) -> None:
    # What a killed run has left must not be taken for what is in place.
    transaction.recover()
    if not certificate_settings.are_in_place(certificates):
        note.lasting = True
        note.start()
        certificate_settings.put_in_place(certificates)
    apt.stop_unattended_upgrades()
