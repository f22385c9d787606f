"""Installs BigBlueButton with its own installer: once, detached, in the wanted release."""

from __future__ import annotations

import contextlib
import re
import urllib.parse
from dataclasses import dataclass
from typing import Callable

from ..settings import releases
from ..system import acme, apt, caa, dns, download, files, request
from ..system.acme import LETS_ENCRYPT
from ..system.failure import Failure
from ..system.lock import Lock
from ..system.progress import report
from . import api, cordons, installation_failure, installed_release, installer, maintenance_window, meetings
from .api import Credentials
from .maintenance_window import Policy


@dataclass(frozen=True)
class Order:
    """What is to be installed here."""

    hostname: str
    addresses: list[str]
    release: str
    url: str
    sha256: str
    arguments: list[str]
    timeout_minutes: int
    acme_directory: str
    policy: Policy


def parse(data: dict) -> Order:
    """The checked part of the request."""
    source = request.field(data, "installer", dict)
    request.only(source, ("url", "sha256", "repository", "version", "timeoutMinutes"), "`installer`")
    hostname = request.hostname(data, "hostname")
    arguments = ["-v", request.field(source, "version", str), "-s", hostname, "-e", request.field(data, "email", str)]
    repository = request.field(source, "repository", str, None)
    arguments += ["-r", repository] if repository else []
    releases.parse(request.field(data, "release", str))
    sha256 = request.field(source, "sha256", str)
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise Failure(f"`sha256` of the installer must be 64 hexadecimal digits, got `{sha256}`")
    return Order(
        hostname,
        dns.addresses(data),
        data["release"],
        request.field(source, "url", str),
        sha256,
        arguments,
        request.field(source, "timeoutMinutes", int, 60),
        request.field(data, "acmeDirectory", str, None) or LETS_ENCRYPT,
        maintenance_window.parse(data),
    )


def bring(order: Order, command: str, prepare: Callable[[], None]) -> None:
    """
    Brings the machine to the wanted release; a run that is going on is joined, a finished one is not repeated.
    `prepare` is called, under the lock, before the installer starts.
    """
    if installer.state() != "running" and _needed(order):
        # The installer asks for a certificate.
        acme.refuse_before_its_time(order.hostname, order.acme_directory)
        # Without the lock: this may take a while.
        dns.wait_until_here(order.hostname, order.addresses)
        # As the installer does: it asks when this file is not there.
        if not files.exists(f"/etc/letsencrypt/live/{order.hostname}/fullchain.pem"):
            caa.refuse_what_is_forbidden(order.hostname, order.acme_directory)
    started = False
    # Until the installer has ended: it restarts services at the end of its work, not at its beginning.
    with contextlib.ExitStack() as until_installed:
        while True:
            with Lock(command):
                if not _is_joined(order):
                    # Also after a run that was killed while the node was closed.
                    cordons.settle()
                    if not _needed(order):
                        return
                    if started:
                        raise Failure(_wrong_release(order))
                    until_installed.enter_context(_window(order))
                    prepare()
                    _start(order)
                    started = True
            # Without the lock: another run is to join this one and not to wait for its end.
            try:
                installer.follow(order.timeout_minutes)
            except installer.InstallationFailed:
                why = installation_failure.explain(order.hostname, order.acme_directory)
                raise Failure(why) from None


def _is_joined(order: Order) -> bool:
    """Whether an installation is going on that is not to be started anew; one that is overdue is stopped."""
    if installer.state() != "running":
        return False
    if installer.minutes_running() > order.timeout_minutes:
        installer.stop()
        return False
    report("joining the installation that is going on")
    return True


def _window(order: Order) -> contextlib.AbstractContextManager[None]:
    """The time in which the installer may run: what is installed may have meetings that it would end."""
    in_use = order.policy.when_empty and installed_release.installed() is not None
    if not in_use or (installer.interrupted() and not _api_answers()):
        return contextlib.nullcontext()
    return maintenance_window.open_for(f"installing BigBlueButton {order.release}", order.policy)


def _api_answers() -> bool:
    """Whether half an installation is enough for meetings."""
    try:
        meetings.running()
    except Failure:
        return False
    return True


def _wrong_release(order: Order) -> str:
    got = installed_release.installed() or "nothing"
    where = f"look at {installer.LOG} and at the repository of `{order.arguments[1]}`"
    return f"bbb-install ended, but {got} is installed, wanted is {order.release}: {where}"


def _needed(order: Order) -> bool:
    here = installed_release.of_line(order.release)
    if here is None:
        return True
    if order.release.count(".") > 1 and releases.parse(here) > releases.parse(order.release):
        raise Failure(f"BigBlueButton {here} is installed, there is no way back to {order.release}: replace this node")
    if not releases.belongs(here, order.release):
        return True
    # Packages of a run that failed or was cut off are there, too, but not all of its work is.
    return installer.interrupted()


def _start(order: Order) -> None:
    # On the first boot the machine upgrades itself, and the installer does not wait for that.
    apt.wait_until_idle()
    if installer.interrupted():
        apt.complete()
    # bbb-install asks with wget before it installs anything.
    apt.install(["curl", "wget"])
    script = download.fetch(order.url, order.sha256)
    report(f"installing BigBlueButton {order.release} as {order.hostname}; this takes a while")
    installer.start(script, order.arguments)


def credentials(order: Order) -> Credentials:
    """URL and secret of the API; a Failure when the installation is none, or of another host name."""
    found = api.credentials()
    name = urllib.parse.urlsplit(found.url).hostname
    if name != order.hostname:
        raise Failure(
            f"BigBlueButton here calls itself {name}, expected {order.hostname}: `bbb-conf --setip` changes it"
        )
    return found
