"""Debian packages, installed with patience."""

from __future__ import annotations

import contextlib
import fcntl

from . import clock, files, paths, processes
from .failure import Failure
from .progress import report
from .waiting import wait_while

TRIES = 3
PAUSE_SECONDS = 15
SECONDS = 1200
IDLE_SECONDS = 600
REPORT_EVERY_SECONDS = 60
LOCKS = ["/var/lib/dpkg/lock-frontend", "/var/lib/apt/lists/lock"]
KEEP = ["--force-confdef", "--force-confold"]
OPTIONS = ["-o", "DPkg::Lock::Timeout=300"] + [word for keep in KEEP for word in ("-o", f"Dpkg::Options::={keep}")]
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
QUIET = b'APT::Periodic::Update-Package-Lists "0";\nAPT::Periodic::Unattended-Upgrade "0";\n'
QUIET_PATH = "/etc/apt/apt.conf.d/99bbb-cluster"
# The services, too: on the first boot the timers have started them already.
PERIODIC = ["apt-daily.timer", "apt-daily-upgrade.timer", "apt-daily.service", "apt-daily-upgrade.service"]
UPGRADES = "unattended-upgrades.service"


def install(packages: list[str]) -> None:
    """Installs what is missing; up to three tries, because mirrors and locks come and go."""
    missing = [name for name in packages if not _installed(name)]
    if not missing:
        return
    report(f"installing {', '.join(missing)}")
    for attempt in range(1, TRIES + 1):
        # The lock on the package lists is none that apt-get would wait for.
        wait_until_idle()
        update = _get(["update"])
        # A source that is broken need not be the one that has the packages.
        result = _get(["install", "--yes", "--no-install-recommends", *missing])
        if update.status != 0:
            report(f"apt-get update: {update.reason}")
        if result.status == 0:
            return
        if "dpkg --configure -a" in result.err + result.out:
            complete()
        if attempt < TRIES:
            report(f"apt-get, try {attempt} of {TRIES}: {result.reason}")
            clock.sleep(PAUSE_SECONDS)
    reasons = [f"`apt-get update` said: {update.reason}"] if update.status != 0 else []
    reasons.append(f"`apt-get install` said: {result.reason}")
    raise Failure(f"{', '.join(missing)} cannot be installed; {'; '.join(reasons)}")


def complete() -> None:
    """Lets dpkg finish what it was interrupted in: until then, it installs nothing else."""
    processes.run(["dpkg", *KEEP, "--configure", "-a"], SECONDS, ENVIRONMENT)


def _get(arguments: list[str]) -> processes.Result:
    return processes.run(["apt-get", "--quiet", *OPTIONS, *arguments], SECONDS, ENVIRONMENT)


def _installed(package: str) -> bool:
    result = processes.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status}", package])
    return result.status == 0 and result.out.strip() == "installed"


def wait_until_idle() -> None:
    """Waits up to ten minutes while somebody installs packages here: what is configured now might not last."""
    waiting = "waiting while packages are being installed on this machine"
    held = wait_while(_held, IDLE_SECONDS, PAUSE_SECONDS, lambda _held: waiting, REPORT_EVERY_SECONDS)
    if held:
        raise Failure(f"packages are still being installed on this machine ({held}): run again when that is done")


def _held() -> str:
    return " and ".join(lock for lock in LOCKS if _is_locked(lock))


def _is_locked(lock: str) -> bool:
    try:
        with open(paths.on_host(lock), "r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):
        return True


def stop_unattended_upgrades() -> None:
    """Keeps the machine from upgrading by itself: that has restarted Redis in the middle of lectures."""
    if files.ensure(QUIET_PATH, QUIET):
        report("switched unattended upgrades off")
    units = [*PERIODIC, UPGRADES]
    states = processes.run(["systemctl", "is-enabled", *units]).out.split()
    if states != ["masked"] * len(units):
        processes.run_checked(["systemctl", "mask", *units], "unattended upgrades cannot be switched off")
        # Not `mask --now`, which fails for a unit that is not installed.
        with contextlib.suppress(Failure):
            processes.run(["systemctl", "stop", *PERIODIC], 300)
        # This one asks an upgrade that is going on to end, and stops after it: wait_until_idle waits for that.
        processes.run(["systemctl", "stop", "--no-block", UPGRADES])
