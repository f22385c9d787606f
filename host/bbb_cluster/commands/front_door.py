"""The load balancer in front of several proxies: before the cluster's name leads there, and before it goes."""

from __future__ import annotations

from ..system import clock, curl, dns, request
from ..system.failure import Failure
from ..system.progress import report
from ..system.waiting import wait_while

FIELDS = ("hostname", "addresses", "ttlSeconds", "proxyServerId")
# It asks a proxy every few seconds, and believes what it has heard twice.
PROOF_SECONDS = 120
PAUSE_SECONDS = 3


def prove_front_door(data: dict, digest: str) -> dict:
    """Asks for the cluster's page at each address of the load balancer, as users will."""
    hostname, addresses = parse(data)
    for address in addresses:
        found = _wait(hostname, address)
        if found:
            raise Failure(f"{hostname} is not served by the load balancer in front of the proxies ({address}): {found}")
    return {"request": digest, "hostname": hostname}


def leave_front_door(data: dict, digest: str) -> dict:
    """Waits until nobody is sent to the load balancer any more: until the name leads elsewhere, and that is known."""
    hostname, addresses = parse(data)
    seconds = request.field(data, "ttlSeconds", int)

    def remaining() -> str:
        found = dns.resolve(hostname)
        # Without an answer it may lead there all the same.
        return ", ".join(set(found) & set(addresses)) if found else "unknown: its addresses cannot be looked up here"

    found = wait_while(
        remaining, dns.WAIT_SECONDS, dns.PAUSE_SECONDS, lambda found: f"{hostname} still leads to {found}"
    )
    if found:
        raise Failure(f"{hostname} still leads to the load balancer ({found}): correct its A and AAAA records")
    report(f"waiting {seconds} seconds, for which others may remember that {hostname} led to the load balancer")
    clock.sleep(seconds)
    return {"request": digest, "hostname": hostname}


def parse(data: dict) -> tuple[str, list[str]]:
    """The cluster's name, and the addresses of the load balancer."""
    request.only(data, FIELDS)
    return request.hostname(data, "hostname"), dns.addresses(data)


def _wait(hostname: str, address: str) -> str:
    def trouble() -> str:
        answer = curl.get(f"https://{hostname}/", connect_to=address, json=False)
        return "" if answer.status == 200 else answer.reason

    return wait_while(trouble, PROOF_SECONDS, PAUSE_SECONDS, lambda found: f"waiting for {address}: {found}")
