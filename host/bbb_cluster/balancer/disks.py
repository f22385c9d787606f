"""Closes nodes at the load balancer while they say that their root disk is low."""

from __future__ import annotations

from ..system import curl, files, processes, units
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import report
from . import members, membership
from .balancer import Balancer, host_of

# What a node says of its own: that it is fine, or why not.
PATH, FINE = "/bbb-cluster/disk", "fine"
TIMER = "bbb-cluster-disks.timer"
FOLDER = "/etc/systemd/system"
SERVICE_TEXT = """\
[Unit]
Description=Closes nodes at the load balancer while their root disks are low

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/bbb-cluster follow-disks
StandardInput=null
Nice=10
"""
TIMER_TEXT = """\
[Unit]
Description=Asks nodes every minute whether their root disks are low

[Timer]
OnActiveSec=30s
OnUnitInactiveSec=60s
AccuracySec=5s

[Install]
WantedBy=timers.target
"""
_UNITS = {f"{FOLDER}/bbb-cluster-disks.service": SERVICE_TEXT, f"{FOLDER}/{TIMER}": TIMER_TEXT}


def watch(balancer: Balancer) -> None:
    """Has systemd ask every minute, where there is somebody to tell."""
    if not balancer.told:
        forget()
        return
    changed = [path for path, text in _UNITS.items() if files.ensure(path, text.encode("ascii"))]
    if changed:
        units.reload_definitions()
    if changed or not units.is_up(TIMER):
        processes.run_checked(["systemctl", "enable", "--quiet", "--now", TIMER], f"{TIMER} does not start")


def forget() -> None:
    """Nobody is asked any more."""
    if not any(files.exists(path) for path in _UNITS):
        return
    processes.run_checked(["systemctl", "disable", "--quiet", "--now", TIMER], f"{TIMER} does not stop")
    for path in _UNITS:
        files.write(Change(path, None))
    units.reload_definitions()


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
