"""Makes a machine a node of the cluster: BigBlueButton in the wanted release, with the cluster's settings in force."""

from __future__ import annotations

from ..access import access
from ..access.access import Access
from ..bigbluebutton import administrator_files, api, installation, node_hook, node_settings, pending
from ..bigbluebutton.maintenance_window import Occupied
from ..recordings import destination
from ..recordings import units as recording_units
from ..settings import secret_overrides, transaction
from ..settings.request_log import RequestNote
from ..system import apt, carried, cloud_init, nginx, request, versions
from ..system.lock import Lock
from ..system.progress import report
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
        "nodeFiles",
        "nodeHook",
    ),
)


def configure_node(data: dict, digest: str) -> dict:
    """
    Installs what is not installed yet, then puts the settings for the installed release in force. What would end
    meetings is kept until the node is empty: `pending` of the answer says what.
    """
    return carry_out(data, digest)


def carry_out(data: dict, digest: str) -> dict:
    """The same for a request that may have been kept before; `digest` is that of its bytes."""
    try:
        result = _carry_out(data, digest)
    except Occupied as found:
        return _keep(data, digest, found)
    pending.forget()
    return result


def _keep(data: dict, digest: str, found: Occupied) -> dict:
    with Lock(NAME):
        pending.keep(NAME, data, digest, found.what)
        known = api.credentials()
    report(
        f"warning: {found.what} waits, because it would end {found.obstacle}: "
        "`npm run rollout` does it when the node is empty, `npm run status` shows it"
    )
    return {"request": digest, "pending": found.what, "secret": known.secret, "url": known.url}


def _carry_out(data: dict, digest: str) -> dict:
    request.only(data, FIELDS)
    certificates = certificate_settings.parse(data)
    reachable, order, wanted = access.parse(data), installation.parse(data), node_settings.parse(data)
    schedule.parse(data, schedule.NODE)
    hook = node_hook.parse(data)
    contents = [*administrator_files.contents(wanted.own), *hook.contents]
    carried.keep(contents)
    note = RequestNote(NAME, digest)
    cloud_init.wait()
    installation.bring(order, NAME, lambda: _before_installation(data, certificates, reachable, note))
    with Lock(NAME), note:
        versions.prune()
        ready = _prepare(data, certificates, reachable, note)
        known = installation.credentials(order)
        outcome = node_settings.configure(wanted, note.start)
        if not wanted.secret:
            secret_overrides.forget()
        node_hook.run_if_due(hook, outcome.release, note.start_lasting)
        carried.forget_others(contents)
    result = {"request": digest, "release": outcome.release, "secret": known.secret, "url": known.url}
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
    # Where recordings go is told later; here that is only put right.
    recording_units.put_in_place(destination.kept())
    return outcome
