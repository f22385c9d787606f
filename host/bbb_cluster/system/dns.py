"""The machine's own name in the DNS."""

from __future__ import annotations

import ipaddress
import socket

from . import clock, request
from .failure import Failure
from .progress import say

WAIT_SECONDS = 1800
PAUSE_SECONDS = 5
SAY_EVERY_SECONDS = 20


def addresses(data: dict) -> list[str]:
    """The machine's public addresses as the request gives them, in their usual spelling; empty when left out."""
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
    start = clock.now()
    told = start - SAY_EVERY_SECONDS
    while True:
        got = resolve(hostname)
        if set(got) & set(expected):
            strange = [address for address in got if address not in expected]
            if strange:
                say(f"{hostname} resolves to {', '.join(strange)}, too: without these, certificates are surer to get")
            return
        if got and all(ipaddress.ip_address(address).is_loopback for address in got):
            say(f"{hostname} is in this machine's own /etc/hosts, so its DNS records cannot be waited for")
            return
        state = f"{hostname} resolves to {', '.join(got) or 'nothing'}, expected is {' or '.join(expected)}"
        if clock.now() - start >= WAIT_SECONDS:
            raise Failure(f"{state}, after 30 minutes of waiting: correct its A and AAAA records, then run again")
        if clock.now() - told >= SAY_EVERY_SECONDS:
            say(f"waiting for the DNS: {state}")
            told = clock.now()
        clock.sleep(PAUSE_SECONDS)


def resolve(hostname: str) -> list[str]:
    """The addresses that a name has at this moment; none when it is not found or nobody can be asked."""
    try:
        found = socket.getaddrinfo(hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(entry[4][0].partition("%")[0] for entry in found))
