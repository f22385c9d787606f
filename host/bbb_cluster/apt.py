"""Debian packages, installed with patience."""

from __future__ import annotations

from . import clock, files, processes
from .failure import Failure
from .files import Change
from .progress import say

TRIES = 3
PAUSE_SECONDS = 15
SECONDS = 1200
OPTIONS = [
    "-o",
    "DPkg::Lock::Timeout=300",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
]
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
QUIET = b'APT::Periodic::Update-Package-Lists "0";\nAPT::Periodic::Unattended-Upgrade "0";\n'
QUIET_PATH = "/etc/apt/apt.conf.d/99bbb-cluster"
TIMERS = ["apt-daily.timer", "apt-daily-upgrade.timer", "unattended-upgrades.service"]


def install(packages: list[str]) -> None:
    """Installs what is missing; up to three tries, because mirrors and locks come and go."""
    missing = [name for name in packages if not _installed(name)]
    if not missing:
        return
    say(f"installing {', '.join(missing)}")
    for attempt in range(1, TRIES + 1):
        result = _get(["update"])
        if result.status == 0:
            result = _get(["install", "--yes", "--no-install-recommends", *missing])
        if result.status == 0:
            return
        if "dpkg --configure -a" in result.err + result.out:
            processes.run(["dpkg", "--configure", "-a"], SECONDS, ENVIRONMENT)
        if attempt < TRIES:
            say(f"apt-get, try {attempt} of {TRIES}: {result.reason}")
            clock.sleep(PAUSE_SECONDS)
    raise Failure(f"{', '.join(missing)} cannot be installed: {result.reason}; try `apt-get update` on the machine")


def _get(arguments: list[str]) -> processes.Result:
    return processes.run(["apt-get", "--quiet", *OPTIONS, *arguments], SECONDS, ENVIRONMENT)


def _installed(package: str) -> bool:
    result = processes.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status}", package])
    return result.status == 0 and result.out.strip() == "installed"


def stop_unattended_upgrades() -> None:
    """Keeps the machine from upgrading by itself: that has restarted Redis in the middle of lectures."""
    found = files.read(QUIET_PATH)
    if found is None or found.content != QUIET:
        say("switching unattended upgrades off")
        files.write(Change(QUIET_PATH, QUIET, 0o644, *files.owner_ids("root:root")))
    states = processes.run(["systemctl", "is-enabled", *TIMERS]).out.split()
    if states != ["masked"] * len(TIMERS):
        processes.must(["systemctl", "mask", *TIMERS], "unattended upgrades cannot be switched off")
        # Not `mask --now`, which fails for a unit that is not installed.
        processes.run(["systemctl", "stop", *TIMERS], 300)
