"""A machine's certificate, from an ACME server through certbot."""

from __future__ import annotations

import os
import re
from typing import Callable

from ..system import acme, caa, curl, directories, dns, files, paths, processes
from ..system.acme import LETS_ENCRYPT
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import report
from ..system.waiting import wait_while
from . import certificate_files
from .certificate_files import chain_of, key_of
from .certificate_settings import CertificateSettings

WEBROOT = "/var/www/bbb-cluster"
CHALLENGES = "/.well-known/acme-challenge"
# Beside the final configuration, which cannot be loaded before there is a certificate.
CHALLENGE = "/etc/nginx/conf.d/bbb-cluster-challenge.conf"
HOOK = "/etc/letsencrypt/renewal-hooks/deploy/bbb-cluster"
RENEW_BELOW_SECONDS = 14 * 24 * 3600
SECONDS = 300
# A load balancer has to see twice that somebody answers here.
REACHED_SECONDS = 60
BUSY = "Another instance of Certbot is already running"
BUSY_PAUSE_SECONDS = 10


def obtain(wanted: CertificateSettings, serve: Callable[[Change], None]) -> bool:
    """
    Gets a certificate for the machine's names, or keeps the one that is there, and has it renewed from now on; whether
    it is a new one. Before it asks, they have to lead to this machine, and nginx has to answer the ACME server: `serve`
    is called when it does not, with a configuration that does.
    """
    files.ensure(HOOK, b"#!/bin/sh\nnginx -t -q && systemctl reload nginx\n", 0o755)
    os.makedirs(paths.on_host(WEBROOT), exist_ok=True)
    why = reason_to_ask(wanted)
    try:
        if why and not _has_to_wait(wanted, why):
            for name in wanted.names:
                dns.wait_until_here(name, wanted.addresses)
                caa.refuse_what_is_forbidden(name, wanted.acme_directory or LETS_ENCRYPT)
            report(f"asking for a certificate for {', '.join(wanted.names)}: {why}")
            if not all(_is_served(name) for name in wanted.names):
                serve(Change(CHALLENGE, _challenge(wanted.names), 0o644, *files.root_ids()))
            if wanted.shared:
                for name in wanted.names:
                    _wait_until_reached(name)
            if not is_loadable(wanted.hostname):
                certificate_files.give_up(wanted.hostname)
            _ask(wanted, force="server" in why)
    finally:
        files.write(Change(CHALLENGE, None))
    processes.run_checked(["systemctl", "enable", "--now", "certbot.timer"], "certificates would not be renewed")
    return bool(why)


def is_loadable(hostname: str) -> bool:
    """Whether nginx can work with the certificate that is there."""
    return certificate_files.flaw(chain_of(hostname), key_of(hostname)) is None


def reason_to_ask(wanted: CertificateSettings) -> str:
    """Why a certificate is needed; empty when the one that is there will do."""
    hostname, directory = wanted.hostname, wanted.acme_directory or LETS_ENCRYPT
    flaw = certificate_files.flaw(chain_of(hostname), key_of(hostname))
    if flaw:
        return "there is none yet" if flaw.path == chain_of(hostname) else "its key is missing or another one's"
    renewal = files.read(f"/etc/letsencrypt/renewal/{hostname}.conf")
    text = renewal.content.decode("utf-8", "replace") if renewal else ""
    server = re.search(r"^server\s*=\s*(\S+)", text, re.MULTILINE)
    if server and server.group(1) != directory:
        return f"it is from another ACME server ({server.group(1)})"
    # One name too many, and it cannot be renewed once that leads elsewhere.
    if wanted.others is not None and certificate_files.names_in(chain_of(hostname)) != set(wanted.names):
        return "it is for other names"
    return "it is about to end" if certificate_files.ends_within(chain_of(hostname), RENEW_BELOW_SECONDS) else ""


def _has_to_wait(wanted: CertificateSettings, why: str) -> bool:
    """Whether the CA does not want to be asked yet: no obstacle as long as there is a certificate that is valid."""
    try:
        acme.refuse_before_its_time(wanted.hostname, wanted.acme_directory or LETS_ENCRYPT)
    except Failure as error:
        if why != "it is about to end" or certificate_files.ends_within(chain_of(wanted.hostname), 0):
            raise
        report(str(error))
        return True
    return False


def _is_served(hostname: str) -> bool:
    """Whether nginx already gives out what an ACME server would ask for."""
    return not _trouble(hostname, "127.0.0.1")


def _wait_until_reached(hostname: str) -> None:
    """Waits until it comes from here wherever the name leads to; if it never does, the ACME server says why."""

    def trouble() -> str:
        return _trouble(hostname, None)

    found = wait_while(trouble, REACHED_SECONDS, 2, lambda found: f"waiting for port 80 under {hostname}: {found}")
    if found:
        report(f"http://{hostname} does not lead here: {found}")


def _trouble(hostname: str, connect_to: str | None) -> str:
    token = f"bbb-cluster-{os.getpid()}"
    place = f"{WEBROOT}{CHALLENGES}/{token}"
    made = directories.missing(place)
    files.ensure(place, token.encode("ascii"))
    try:
        answer = curl.get(f"http://{hostname}{CHALLENGES}/{token}", connect_to=connect_to, json=False)
        return "" if (answer.status, answer.body) == (200, token) else answer.reason
    finally:
        files.write(Change(place, None, directories=tuple(made)))


def _challenge(names: list[str]) -> bytes:
    lines = ["server {", "    listen 80;", "    listen [::]:80;", f"    server_name {' '.join(names)};"]
    lines += [f"    location {CHALLENGES}/ {{", f"        root {WEBROOT};", "    }", "}"]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _ask(wanted: CertificateSettings, force: bool) -> None:
    hostname, directory = wanted.hostname, wanted.acme_directory or LETS_ENCRYPT
    command = ["certbot", "certonly", "--webroot", "-w", WEBROOT, "-d", ",".join(wanted.names), "--cert-name", hostname]
    command += ["-m", wanted.email, "--agree-tos", "--non-interactive", "--no-eff-email"]
    command += ["--renew-with-new-domains"] if wanted.others is not None else []
    command += ["--server", directory, "--force-renewal" if force else "--keep-until-expiring"]
    result = _run(command)
    if result.status != 0:
        raise Failure(_why(hostname, directory, result))
    if not is_loadable(hostname):
        raise Failure(f"certbot is content, but {chain_of(hostname)} and its key are not there: `certbot certificates`")


def _run(command: list[str]) -> processes.Result:
    """certbot runs once at a time: its timer's, or that of a run of ours that was killed, comes to its end first."""
    results = []

    def other() -> str:
        results.append(processes.run(command, SECONDS))
        return "another certbot runs on this machine" if BUSY in results[-1].out + results[-1].err else ""

    wait_while(other, SECONDS, BUSY_PAUSE_SECONDS, lambda found: f"waiting: {found}")
    return results[-1]


def _why(hostname: str, directory: str, result: processes.Result) -> str:
    output = result.out + "\n" + result.err
    for line in output.splitlines():
        if line.strip():
            report(f"certbot: {line.strip()}")
    busy = "another certbot runs on this machine: let it end, then run again" if BUSY in output else ""
    reason = acme.explain(hostname, directory, output) or busy or f"{result.reason}; /var/log/letsencrypt says more"
    return f"no certificate for {hostname}: {reason}"
