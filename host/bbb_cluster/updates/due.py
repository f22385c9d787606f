"""What security updates leave to be done: held packages, services on old libraries, a reboot."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..system import files, paths
from . import packages
from .held import is_held

REBOOT = "/run/reboot-required"
LAST = f"{paths.STATE}/maintained.json"
# Where programs and libraries are; what else is mapped and deleted (memfd:, /tmp, /dev/zero) was no part of a package.
PROGRAMS = ("/usr/", "/lib", "/bin/", "/sbin/", "/opt/")
# Whoever restarts these loses the network, the sessions, or the bus that everything else talks over.
ONLY_BY_REBOOT = (
    *("dbus", "systemd-logind", "user@", "getty@", "serial-getty@", "container-getty@", "console-getty"),
    *("networking", "rc-local", "cloud-", "emergency", "rescue", "unattended-upgrades"),
)
OURS = ("bbb-cluster-", "bbb-install")


@dataclass(frozen=True)
class Due:
    """`held` waits for an empty node, `waiting` for the next window; `reboot` says for what, None: not due."""

    held: list[str]
    waiting: list[str]
    old: list[str]
    reboot: list[str] | None


def due(on_node: bool) -> Due:
    """What is due on this machine; changes nothing."""
    updates = packages.pending()
    old = old_units()
    return Due(
        [name for name in updates if on_node and is_held(name)],
        [name for name in updates if not (on_node and is_held(name))],
        [unit for unit in old if can_restart(unit)],
        _reboot([unit for unit in old if not can_restart(unit)]),
    )


def last() -> dict | None:
    """When `maintain` ran last, why it failed, and why it left something; None when it never did."""
    found = files.read_json(LAST)
    return (
        {"at": str(found["at"]), "failure": found["failure"], "left": found.get("left")}
        if {"at", "failure"} <= set(found)
        else None
    )


def _reboot(unrestartable: list[str]) -> list[str] | None:
    if not files.exists(REBOOT):
        return unrestartable or None
    asked = files.read(f"{REBOOT}.pkgs")
    names = asked.content.decode("utf-8", "replace").split() if asked else []
    return list(dict.fromkeys([*names, *unrestartable]))


def can_restart(unit: str) -> bool:
    """Whether a restart of a service disturbs nobody but its own users."""
    return not unit.startswith(ONLY_BY_REBOOT)


def old_units() -> list[str]:
    """The services of which a process runs on a program or library that was replaced since."""
    processes = [name for name in os.listdir(paths.on_host("/proc")) if name.isdigit()]
    units = {_unit_of(process) for process in processes if _runs_on_old_files(process)}
    return sorted(unit for unit in units if unit and not unit.startswith(OURS))


def _runs_on_old_files(process: str) -> bool:
    # Address, rights, offset, device, inode, path: only what is executed counts.
    lines = [line.split(None, 5) for line in _lines(process, "maps")]
    mapped = [line[5] for line in lines if len(line) == 6 and "x" in line[1]]
    return any(path.endswith(" (deleted)") and path.startswith(PROGRAMS) for path in mapped)


def _unit_of(process: str) -> str | None:
    """`nginx.service` of `0::/system.slice/nginx.service`; None for what is no service."""
    for line in _lines(process, "cgroup"):
        parts = line.partition("::" if line.startswith("0::") else "name=systemd:")[2].split("/")
        for part in parts:
            if part.endswith(".service"):
                return part
    return None


def _lines(process: str, name: str) -> list[str]:
    try:
        with open(paths.on_host(f"/proc/{process}/{name}"), encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        # It has ended meanwhile.
        return []
