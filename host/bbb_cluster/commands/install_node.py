"""Installs BigBlueButton with its own installer: once, detached, in the wanted release."""

from __future__ import annotations

import contextlib
import re
import urllib.parse
from dataclasses import dataclass

from ..bigbluebutton import drain, installer, maintenance_window, meetings, releases
from ..bigbluebutton.maintenance_window import Policy
from ..system import apt, cloud_init, dns, download, processes, progress, request
from ..system.failure import Failure
from ..system.lock import Lock
from ..system.progress import say
from ..tls import ca_certificates


@dataclass(frozen=True)
class Order:
    """What is to be installed here."""

    hostname: str
    release: str
    url: str
    sha256: str
    arguments: list[str]
    acme_directory: str | None
    certificates: list[bytes]
    timeout_minutes: int
    addresses: list[str]
    policy: Policy


def parse(data: dict) -> Order:
    """The checked request."""
    source = request.field(data, "installer", dict)
    hostname = request.hostname(data, "hostname")
    version, email = request.field(source, "version", str), request.field(data, "email", str)
    arguments = ["-v", version, "-s", hostname, "-e", email]
    repository = request.field(source, "repository", str, None)
    arguments += ["-r", repository] if repository else []
    arguments += ["-j"] if request.field(data, "skipChecks", bool, False) else []
    releases.parse(request.field(data, "release", str))
    sha256 = request.field(source, "sha256", str)
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise Failure(f"`sha256` of the installer must be 64 hexadecimal digits, got `{sha256}`")
    return Order(
        hostname,
        data["release"],
        request.field(source, "url", str),
        sha256,
        arguments,
        request.field(data, "acmeDirectory", str, None),
        ca_certificates.certificates(request.texts(data, "caCertificates")),
        request.field(data, "timeoutMinutes", int, 60),
        dns.addresses(data),
        maintenance_window.parse(data),
    )


def install_node(data: dict) -> dict:
    """Brings the machine to the wanted release; a run that is going on is joined, a finished one is not repeated."""
    order = parse(data)
    cloud_init.wait()
    if installer.state() != "running" and _needed(order):
        # The installer asks for a certificate. Without the lock: this may take a while.
        dns.wait_until_here(order.hostname, order.addresses)
    # Until the installer has ended: it restarts services at the end of its work, not at its beginning.
    with contextlib.ExitStack() as until_installed:
        return _bring(order, until_installed)


def _bring(order: Order, until_installed: contextlib.ExitStack) -> dict:
    started = False
    while True:
        with Lock("install-node"):
            going_on = installer.state() == "running"
            overdue = going_on and installer.minutes_running() > order.timeout_minutes
            if overdue:
                installer.stop()
            if going_on and not overdue:
                say("joining the installation that is going on")
            else:
                # Also after a run that was killed while the node was closed.
                drain.reopen()
                if not _needed(order) and not overdue:
                    return _result(order)
                if started:
                    got = releases.installed() or "nothing"
                    wrong = f"bbb-install ended, but {got} is installed, wanted is {order.release}"
                    raise Failure(f"{wrong}: {_hint(order)}")
                until_installed.enter_context(_permission(order))
                _prepare(order)
                _start(order)
                started = True
        # Without the lock: another run is to join this one and not to wait for its end.
        installer.follow(order.timeout_minutes)


def _permission(order: Order) -> contextlib.AbstractContextManager[None]:
    """The time in which the installer may run: what is installed may have meetings that it would end."""
    in_use = order.policy.when_empty and releases.installed() is not None
    if not in_use or (installer.interrupted() and not _api_answers()):
        return contextlib.nullcontext()
    return maintenance_window.undisturbed(f"installing BigBlueButton {order.release}", order.policy)


def _api_answers() -> bool:
    """Whether half an installation is enough for meetings."""
    try:
        meetings.running()
    except Failure:
        return False
    return True


def _hint(order: Order) -> str:
    return f"look at {installer.LOG} and at the repository of `{order.arguments[1]}`"


def _needed(order: Order) -> bool:
    here = releases.installed()
    if here is None:
        return True
    if not releases.same_line(here, order.release):
        raise Failure(
            f"BigBlueButton {here} is installed, wanted is {order.release}: replace this node to change lines"
        )
    if order.release.count(".") > 1 and releases.parse(here) > releases.parse(order.release):
        raise Failure(f"BigBlueButton {here} is installed, there is no way back to {order.release}: replace this node")
    if not releases.belongs(here, order.release):
        return True
    # Packages of a run that failed or was cut off are there, too, but not all of its work is.
    return installer.interrupted()


def _prepare(order: Order) -> None:
    ca_certificates.trust(order.certificates)
    ca_certificates.ask_acme_server(order.acme_directory)
    apt.stop_unattended_upgrades()


def _start(order: Order) -> None:
    # On the first boot the machine upgrades itself, and the installer does not wait for that.
    apt.wait_until_idle()
    if installer.interrupted():
        apt.complete()
    apt.install(["curl"])
    script = download.fetch(order.url, order.sha256)
    say(f"installing BigBlueButton {order.release} as {order.hostname}; this takes a while")
    installer.start(script, order.arguments)


def _result(order: Order) -> dict:
    _prepare(order)
    here = releases.installed()
    shown = processes.run(["bbb-conf", "--secret"], 120)
    secret = re.search(r"^\s*Secret:\s*(\S+)", shown.out, re.MULTILINE)
    url = re.search(r"^\s*URL:\s*(\S+)", shown.out, re.MULTILINE)
    if shown.status != 0 or not secret or not url:
        raise Failure("`bbb-conf --secret` does not say URL and secret: BigBlueButton is not fully installed")
    progress.hide(secret.group(1))
    name = urllib.parse.urlsplit(url.group(1)).hostname
    if name != order.hostname:
        raise Failure(
            f"BigBlueButton here calls itself {name}, expected {order.hostname}: `bbb-conf --setip` changes it"
        )
    say(f"BigBlueButton {here} is installed")
    return {"release": here, "secret": secret.group(1), "url": url.group(1)}
