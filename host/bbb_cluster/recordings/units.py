"""The timer by which recordings are handed over: every minute, and as soon as one is published."""

from __future__ import annotations

from ..bigbluebutton.recordings import STATUS
from ..system import own_units, processes
from .destination import Destination

FOLDER = own_units.FOLDER
NAME = "bbb-cluster-recordings"
STARTED = (f"{NAME}.timer", f"{NAME}.path")
_FILES = {
    f"{NAME}.service": """\
[Unit]
Description=Hands recordings over to the load balancer
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/bbb-cluster hand-over
StandardInput=null
Nice=19
IOSchedulingClass=idle
""",
    f"{NAME}.timer": """\
[Unit]
Description=When recordings are handed over

[Timer]
OnBootSec=1min
OnUnitInactiveSec=1min
AccuracySec=5s

[Install]
WantedBy=timers.target
""",
    f"{NAME}.path": f"""\
[Unit]
Description=Sees that a recording is published

[Path]
PathChanged={STATUS}/published

[Install]
WantedBy=paths.target
""",
}


def is_in_force(wanted: Destination) -> bool:
    """Whether the timer runs, and does what it should."""
    return not wanted.hands_over or own_units.are_in_force(_FILES, STARTED)


def put_in_place(wanted: Destination) -> None:
    """Has them handed over from now on, or no longer."""
    if not wanted.hands_over:
        own_units.take_away(_FILES, STARTED, f"{NAME} does not stop")
    elif own_units.put_in_place(_FILES, STARTED, "recordings are not handed over"):
        # A timer that is started for the first time has nothing to count from.
        processes.run_checked(["systemctl", "start", "--no-block", f"{NAME}.service"], f"{NAME} does not start")
