"""The machine's own firewall: a table of nftables beside what ufw or others have, loaded before the network is up."""

from __future__ import annotations

from ..settings.manifest import Wanted
from ..system import files, processes
from . import rules
from .rules import Rules

CONF = "/etc/bbb-cluster/firewall.nft"
UNIT = "bbb-cluster-firewall"
UNIT_FILE = f"/etc/systemd/system/{UNIT}.service"
# nftables.service starts with `flush ruleset`.
SERVICE = f"""\
[Unit]
Description=Firewall of the BigBlueButton cluster
DefaultDependencies=no
After=local-fs.target nftables.service
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f {CONF}

[Install]
WantedBy=sysinit.target
"""


def wanted(wanted_rules: Rules) -> list[Wanted]:
    """The files of the firewall."""
    table = rules.render(wanted_rules).encode("ascii")
    return [Wanted(CONF, "text", content=table), Wanted(UNIT_FILE, "text", content=SERVICE.encode("ascii"))]


def is_in_force() -> bool:
    """Whether the kernel works by the file that is there; by none, when there is no file."""
    current = files.read(CONF)
    name = rules.mark_in(current.content.decode("utf-8", "replace")) if current else None
    return name is None or processes.run(["nft", "list", "chain", *rules.TABLE.split(), name]).status == 0


def put_in_force() -> None:
    """Checks the file, has it loaded now and at each start; without a file nothing of it stays in force."""
    processes.run_checked(["systemctl", "daemon-reload"], "systemd does not accept its unit files")
    if files.read(CONF) is None:
        processes.run(["nft", "delete", "table", *rules.TABLE.split()])
        return
    processes.run_checked(["nft", "-c", "-f", CONF], "nftables does not accept the firewall")
    processes.run_checked(["systemctl", "enable", UNIT], "the firewall cannot be loaded at the next start")
    # Not a reload: what systemd says of the unit is to be true of the file.
    processes.run_checked(["systemctl", "restart", UNIT], "the firewall cannot be loaded")
