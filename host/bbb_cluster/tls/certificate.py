"""The proxy's certificate, from an ACME server through certbot."""

from __future__ import annotations

import os
import re

from ..system import acme, dns, files, nginx, paths, processes
from ..system.acme import LETS_ENCRYPT
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import report
from .certificate_settings import CertificateSettings

WEBROOT = "/var/www/bbb-cluster"
# Beside the final configuration, which cannot be loaded before there is a certificate.
CHALLENGE = "/etc/nginx/conf.d/bbb-cluster-challenge.conf"
HOOK = "/etc/letsencrypt/renewal-hooks/deploy/bbb-cluster"
RENEW_BELOW_SECONDS = 14 * 24 * 3600
SECONDS = 300


def obtain(wanted: CertificateSettings) -> bool:
    """
    Gets a certificate for the host name, or keeps the one that is there, and has it renewed from now on; whether it
    is a new one. Before it asks, the name has to lead to this machine.
    """
    files.ensure(HOOK, b"#!/bin/sh\nnginx -t -q && systemctl reload nginx\n", 0o755)
    os.makedirs(paths.on_host(WEBROOT), exist_ok=True)
    why = reason_to_ask(wanted.hostname, wanted.acme_directory or LETS_ENCRYPT)
    if why:
        acme.refuse_before_its_time(wanted.hostname, wanted.acme_directory or LETS_ENCRYPT)
        dns.wait_until_here(wanted.hostname, wanted.addresses)
        report(f"asking for a certificate for {wanted.hostname}: {why}")
        _ask(wanted, force="server" in why)
    files.write(Change(CHALLENGE, None))
    processes.run_checked(["systemctl", "enable", "--now", "certbot.timer"], "certificates would not be renewed")
    return bool(why)


def reason_to_ask(hostname: str, directory: str) -> str:
    """Why a certificate is needed; empty when the one that is there will do."""
    live = paths.on_host(f"/etc/letsencrypt/live/{hostname}/fullchain.pem")
    if not os.path.exists(live):
        return "there is none yet"
    renewal = files.read(f"/etc/letsencrypt/renewal/{hostname}.conf")
    text = renewal.content.decode("utf-8", "replace") if renewal else ""
    server = re.search(r"^server\s*=\s*(\S+)", text, re.MULTILINE)
    if server and server.group(1) != directory:
        return f"it is from another ACME server ({server.group(1)})"
    check = ["openssl", "x509", "-noout", "-checkend", str(RENEW_BELOW_SECONDS), "-in", live]
    return "it is about to end" if processes.run(check).status != 0 else ""


def _ask(wanted: CertificateSettings, force: bool) -> None:
    hostname, directory = wanted.hostname, wanted.acme_directory or LETS_ENCRYPT
    lines = ["server {", "    listen 80;", "    listen [::]:80;", f"    server_name {hostname};"]
    lines += ["    location /.well-known/acme-challenge/ {", f"        root {WEBROOT};", "    }", "}"]
    files.ensure(CHALLENGE, "".join(f"{line}\n" for line in lines).encode("ascii"))
    command = ["certbot", "certonly", "--webroot", "-w", WEBROOT, "-d", hostname, "--cert-name", hostname]
    command += ["-m", wanted.email, "--agree-tos", "--non-interactive", "--no-eff-email"]
    command += ["--server", directory, "--force-renewal" if force else "--keep-until-expiring"]
    try:
        nginx.reload()
        result = processes.run(command, SECONDS)
        if result.status != 0:
            raise Failure(_why(hostname, directory, result))
    finally:
        files.write(Change(CHALLENGE, None))


def _why(hostname: str, directory: str, result: processes.Result) -> str:
    output = result.out + "\n" + result.err
    for line in output.splitlines():
        if line.strip():
            report(f"certbot: {line.strip()}")
    reason = acme.explain(hostname, directory, output) or f"{result.reason}; /var/log/letsencrypt says more"
    return f"no certificate for {hostname}: {reason}"
