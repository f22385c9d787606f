"""Makes a machine the cluster's front door: nginx, a certificate that renews itself, and the rendered files."""

from __future__ import annotations

import os

from ..settings import plan, records, transaction
from ..settings.apply import carry_out, with_records
from ..settings.manifest import Wanted
from ..settings.manifest import parse as parse_files
from ..system import apt, cloud_init, dns, paths, processes, request
from ..system.lock import Lock
from ..system.progress import say
from ..system.services import Services
from ..tls import ca_certificates, certificate

SCOPE = "proxy"
DOORS = "/etc/nginx/bbb-cluster/doors"


def configure_proxy(data: dict) -> dict:
    """Installs what is missing, then puts the wanted files in force."""
    hostname, email = request.hostname(data, "hostname"), request.field(data, "email", str)
    acme_directory = request.field(data, "acmeDirectory", str, None)
    certificates = ca_certificates.certificates(request.texts(data, "caCertificates"))
    addresses = dns.addresses(data)
    wanted = parse_files(request.field(data, "files", list))
    cloud_init.wait()
    with Lock("configure-proxy"):
        pending = transaction.recover()
        apt.install(["nginx", "certbot", "curl"])
        ca_certificates.trust(certificates)
        ca_certificates.ask_acme_server(acme_directory)
        os.makedirs(paths.on_host(DOORS), exist_ok=True)
        processes.must(["systemctl", "enable", "--now", "nginx"], "nginx does not start")
        certificate.obtain(hostname, email, acme_directory, addresses)
        return _apply(hostname, wanted, pending)


def _apply(hostname: str, wanted: list[Wanted], pending: list[str]) -> dict:
    scopes = records.load()
    made = plan.make(wanted, scopes.get(SCOPE, {}))
    for name in made.left:
        say(f"left as it is, because it was changed on the machine: {name}")
    for change in made.changes:
        say(f"{'removing' if change.content is None else 'writing'} {change.path}")
    changes = with_records(made.changes, {SCOPE: made.records}, scopes)
    units = list(dict.fromkeys(pending + made.units))
    services = Services(api=False)
    if changes or units:
        carry_out(changes, units, services.activate, services.touched, pending)
    result = {"hostname": hostname, "changed": [change.path for change in made.changes], "restarted": services.touched}
    return {**result, **({"left": made.left} if made.left else {})}
