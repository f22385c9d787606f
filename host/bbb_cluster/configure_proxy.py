"""Makes a machine the cluster's front door: nginx, a certificate that renews itself, and the rendered files."""

from __future__ import annotations

import os

from . import apt, certificate, clock, cloud_init, curl, paths, plan, processes, records, request, transaction, trust
from .apply import carry_out, with_records
from .failure import Failure
from .lock import Lock
from .manifest import Wanted
from .manifest import parse as parse_files
from .progress import say
from .services import Services

SCOPE = "proxy"
DOORS = "/etc/nginx/bbb-cluster/doors"
TRIES = 10


def configure_proxy(data: dict) -> dict:
    """Installs what is missing, then puts the wanted files in force."""
    hostname, email = request.hostname(data, "hostname"), request.field(data, "email", str)
    acme_directory = request.field(data, "acmeDirectory", str, None)
    certificates = trust.certificates(request.texts(data, "caCertificates"))
    wanted = parse_files(request.field(data, "files", list))
    cloud_init.wait()
    with Lock("configure-proxy"):
        pending = transaction.recover()
        apt.install(["nginx", "certbot", "curl"])
        trust.trust(certificates)
        trust.ask_acme_server(acme_directory)
        os.makedirs(paths.on_host(DOORS), exist_ok=True)
        processes.must(["systemctl", "enable", "--now", "nginx"], "nginx does not start")
        certificate.obtain(hostname, email, acme_directory)
        return _apply(hostname, wanted, pending)


def _apply(hostname: str, wanted: list[Wanted], pending: list[str]) -> dict:
    scopes = records.load()
    made = plan.make(wanted, scopes.get(SCOPE, {}))
    for name in made.left:
        say(f"left as it is, because it was changed on the machine: {name}")
    for change in made.changes:
        say(f"{'removing' if change.content is None else 'writing'} {change.path}")
    changes = with_records(made.changes, SCOPE, made.records, scopes)
    units = list(dict.fromkeys(pending + made.units))
    services = Services()

    def activate(names: list[str]) -> None:
        services.activate(names, api=False)
        if "nginx" in names and made.records:
            _answers(hostname)

    if changes or units:
        carry_out(changes, units, activate, services.touched)
    result = {"hostname": hostname, "changed": [change.path for change in made.changes], "restarted": services.touched}
    return {**result, **({"left": made.left} if made.left else {})}


def _answers(hostname: str) -> None:
    """A reload that cannot open its ports is silent: only an answer proves it."""
    for attempt in range(1, TRIES + 1):
        answer = curl.get(f"https://{hostname}/", connect_to="127.0.0.1", insecure=True)
        if answer.status:
            return
        if attempt < TRIES:
            clock.sleep(1)
    raise Failure(f"nginx does not answer for https://{hostname}/ on this machine: {answer.reason}")
