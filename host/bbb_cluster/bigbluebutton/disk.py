"""
A node whose root disk fills up takes no new meetings before recordings and redis find it full. A load balancer's teller
hears of it by a page of the node's.
"""

from __future__ import annotations

import os

from ..system import files, own_units, paths
from ..system.progress import report
from . import cordons

BY = "disk"
# Apart, so that what frees a little does not open and close it by turns.
LEAST, ENOUGH = 0.10, 0.15
# What nginx serves at /bbb-cluster/disk: that it is fine, or why not.
PAGE = "/var/lib/bbb-cluster-public/disk"
FINE = "fine"
NAME = "bbb-cluster-disk"
TIMER = f"{NAME}.timer"
_UNITS = own_units.every_minute(
    NAME,
    "watch-disk",
    "Closes this node to new meetings while its root disk is low",
    "Looks every minute whether the root disk is low",
    10,
)


def watch() -> None:
    """Has systemd look every minute, from now on."""
    own_units.put_in_place(_UNITS, (TIMER,), f"{TIMER} does not start")


def look() -> float:
    """Closes or opens the node by what is free of its root disk, which is returned: 0 to 1."""
    free = _free()
    held = BY in cordons.holders()
    if free < (ENOUGH if held else LEAST):
        reason = f"its root disk has {free:.0%} left, less than {LEAST if free < LEAST else ENOUGH:.0%}"
        # First what others read: a disk that is full takes no note of ours.
        files.ensure(PAGE, f"{reason}\n".encode("ascii"))
        if not held:
            report(f"closing this node to new meetings: {reason}")
            cordons.hold(BY, reason)
        return free
    files.ensure(PAGE, f"{FINE}\n".encode("ascii"))
    if held:
        report(f"its root disk has {free:.0%} left: open to new meetings again, if nobody else has closed it")
        cordons.release(BY)
    return free


def _free() -> float:
    """As `df` has it: what only root may use counts as taken."""
    found = os.statvfs(paths.on_host("/"))
    usable = found.f_blocks - found.f_bfree + found.f_bavail
    return found.f_bavail / usable if usable else 1.0
