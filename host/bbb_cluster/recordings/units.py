"""The timer by which recordings are handed over: every minute, and as soon as one is published."""

from __future__ import annotations

from ..bigbluebutton.recordings import STATUS
from ..system import files, processes, units
from ..system.files import Change
from .destination import Destination

FOLDER = "/etc/systemd/system"
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
    if not wanted.hands_over:
        return True
    same = all(files.text(f"{FOLDER}/{name}") == text for name, text in _FILES.items())
    return same and all(units.is_up(unit) for unit in STARTED)


def put_in_place(wanted: Destination) -> None:
    """Has them handed over from now on, or no longer."""
    if wanted.hands_over:
        written = [files.ensure(f"{FOLDER}/{name}", text.encode("ascii")) for name, text in _FILES.items()]
        if any(written):
            units.reload_definitions()
        processes.run_checked(["systemctl", "enable", "--quiet", "--now", *STARTED], "recordings are not handed over")
        if any(written):
            # A timer that is started for the first time has nothing to count from.
            processes.run_checked(["systemctl", "start", "--no-block", f"{NAME}.service"], f"{NAME} does not start")
    elif files.exists(f"{FOLDER}/{NAME}.timer"):
        processes.run_checked(["systemctl", "disable", "--quiet", "--now", *STARTED], f"{NAME} does not stop")
        for name in _FILES:
            files.write(Change(f"{FOLDER}/{name}", None))
        units.reload_definitions()
