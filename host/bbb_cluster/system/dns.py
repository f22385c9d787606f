"""The machine's own name in the DNS."""

from __future__ import annotations

import ipaddress
import socket

from . import request
from .failure import Failure
from .progress import report
from .waiting import wait_while

WAIT_SECONDS = 1800
PAUSE_SECONDS = 5


def addresses(data: dict) -> list[str]:
    """The machine's public addresses as the request gives them, in their usual spelling; empty when omitted."""
    found = []
    for text in request.texts(data, "addresses"):
        try:
            found.append(str(ipaddress.ip_address(text)))
        except ValueError:
            raise Failure(f"`addresses` must be IP addresses, got `{text}`") from None
    return found


def wait_until_here(hostname: str, expected: list[str]) -> None:
    """Waits up to half an hour until a name leads to one of the addresses; none expected: no waiting."""
    if not expected:
        return

    def elsewhere() -> str:
        got = resolve(hostname)
        if set(got) & set(expected) or _is_local(got):
            return ""
        return f"{hostname} resolves to {', '.join(got) or 'nothing'}, expected is {' or '.join(expected)}"

    state = wait_while(elsewhere, WAIT_SECONDS, PAUSE_SECONDS, lambda state: f"waiting for the DNS: {state}", 20)
    if state:
        raise Failure(f"{state}, after 30 minutes of waiting: correct its A and AAAA records, then run again")
    _report_oddities(hostname, resolve(hostname), expected)


def _is_local(addresses: list[str]) -> bool:
    return bool(addresses) and all(ipaddress.ip_address(address).is_loopback for address in addresses)


def _report_oddities(hostname: str, got: list[str], expected: list[str]) -> None:
    if _is_local(got):
        report(f"{hostname} is in this machine's own /etc/hosts, so its DNS records cannot be waited for")
        return
    strange = [address for address in got if address not in expected]
    if strange:
        report(f"{hostname} resolves to {', '.join(strange)}, too: remove them, or certificates may not be issued")


def resolve(hostname: str) -> list[str]:
    """The addresses that a name has at this moment; none when it is not found or nobody can be asked."""
    try:
        found = socket.getaddrinfo(hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(entry[4][0].partition("%")[0] for entry in found))
