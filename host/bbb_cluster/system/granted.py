"""What the kernel and systemd have really granted of what files of ours ask for: both give less without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import files, nginx, processes, units
from .failure import Failure

SYSCTL = "/etc/sysctl.d/99-bbb-cluster.conf"
SYSCTL_UNIT = "systemd-sysctl"
NGINX = "/etc/nginx/nginx.conf"
_KERNEL = re.compile(r"^([a-z0-9_.]+) = (\d+)$", re.MULTILINE)
_FILES = re.compile(r"^worker_rlimit_nofile (\d+);$", re.MULTILINE)
_LIMIT = re.compile(r"^Max open files\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Shortage:
    """Less than asked for: the file that asks, what is short, and what to do about it."""

    path: str
    what: str
    remedy: str


def put_in_force() -> None:
    """Has the kernel work by all files of sysctl in their order, as at each boot; a Failure where it does not."""
    processes.run_checked(["systemctl", "restart", SYSCTL_UNIT], "the kernel does not take its settings", units.SECONDS)
    _refuse(of_the_kernel())


def ensure() -> None:
    """Whether anything was to be written or not: what the kernel has lost since comes back, and less is a Failure."""
    if of_the_kernel():
        put_in_force()
    check_nginx()


def check_nginx() -> None:
    """Fails when nginx has got less than it asks for; more is fine."""
    _refuse(of_nginx())


def _refuse(short: list[Shortage]) -> None:
    if short:
        said = "; ".join(f"{one.what}: {one.remedy}" for one in short)
        raise Failure(f"less is granted than floods need: {said}")


def of_the_kernel() -> list[Shortage]:
    """Settings of the kernel that are lower than asked for."""
    short = []
    for name, wanted in _KERNEL.findall(files.text(SYSCTL)):
        found = files.text(f"/proc/sys/{name.replace('.', '/')}").strip()
        if not found.isdigit() or int(found) < int(wanted):
            remedy = "take it out of /etc/sysctl.conf and the other files of /etc/sysctl.d"
            short.append(Shortage(SYSCTL, f"{name} is {found or 'not there'} and not {wanted}", remedy))
    return short


def of_nginx() -> list[Shortage]:
    """The number of files that nginx may open, where it is lower than asked for."""
    asked = _FILES.search(files.text(NGINX))
    if asked is None:
        return []
    limits = [_LIMIT.search(files.text(f"/proc/{worker}/limits")) for worker in sorted(nginx.workers())]
    least = min((int(found[1]) for found in limits if found), default=None)
    if least is None or least >= int(asked[1]):
        return []
    remedy = "take LimitNOFILE out of the other files that `systemctl cat nginx` shows, then `systemctl restart nginx`"
    return [Shortage(NGINX, f"nginx may open {least} files and not {asked[1]}", remedy)]
