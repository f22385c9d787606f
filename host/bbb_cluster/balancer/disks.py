"""Closes nodes at the load balancer while they say that their root disk is low."""

from __future__ import annotations

from ..system import curl, own_units
from ..system.failure import Failure, message
from ..system.progress import report
from . import members, membership
from .balancer import Balancer, host_of

# What a node says of its own: that it is fine, or why not.
PATH, FINE = "/bbb-cluster/disk", "fine"
NAME = "bbb-cluster-disks"
TIMER = f"{NAME}.timer"
FOLDER = own_units.FOLDER
_UNITS = own_units.every_minute(
    NAME,
    "follow-disks",
    "Closes nodes at the load balancer while their root disks are low",
    "Asks nodes every minute whether their root disks are low",
    30,
)


def watch(balancer: Balancer) -> None:
    """Has systemd ask every minute, where there is somebody to tell."""
    if balancer.told:
        own_units.put_in_place(_UNITS, (TIMER,), f"{TIMER} does not start")
    else:
        forget()


def forget() -> None:
    """Nobody is asked any more."""
    own_units.take_away(_UNITS, (TIMER,), f"{TIMER} does not stop")


def follow(balancer: Balancer) -> list[str]:
    """Those that are closed for it now. A node that does not answer stays as it is."""
    closed = []
    for known in filter(None, map(membership.load, membership.nodes())):
        answer = curl.get(f"https://{host_of(known.url)}{PATH}", json=False)
        held = members.DISK in known.holders
        low = held if answer.status != 200 else answer.body.strip() != FINE
        try:
            if low and not held:
                members.hold(balancer, known.node, members.DISK, answer.body.strip())
            if held and not low:
                members.release(balancer, known.node, members.DISK)
        except Failure as error:
            # Such as the last one that is open.
            report(f"{known.node}: {message(error)}")
            continue
        closed += [known.node] if low else []
    return closed
