"""Updates of packages: by unattended-upgrades while people may be here, by apt when nobody is."""

from __future__ import annotations

import re

from ..system import apt, files, paths, processes
from ..system.failure import Failure
from ..system.progress import report
from .held import HELD, is_held

SECONDS = 7200
# Whoever releases them calls the suite so: bookworm-security, jammy-security, focal-infra-security.
SECURITY = ["--target-release", "*-security"]
NO_SUCH_RELEASE = "not available in the sources"
OLD_LISTS = "Some index files failed to download"
CONFIGURATION = f"{paths.STATE}/unattended-upgrades.conf"
POLICY = "/usr/sbin/policy-rc.d"
KEEP_RUNNING = "BBB_CLUSTER_KEEP_RUNNING"
_TELLING = re.compile(rf"^E: (?!{OLD_LISTS})|^W: Failed to fetch")
_UPGRADE = re.compile(r"^Inst (\S+) \[[^\]]*\] \((.*)\)", re.MULTILINE)


def refresh() -> str:
    """Asks the mirrors what there is; why one of them did not tell, if so."""
    result = processes.run(["apt-get", "--quiet", *apt.OPTIONS, "update"], apt.SECONDS, apt.ENVIRONMENT)
    # To apt it is no failure when a mirror does not answer: it goes on with what it knew before.
    if result.status == 0 and OLD_LISTS not in result.err:
        return ""
    # The last line only says that something failed; these say what.
    telling = [line for line in result.err.splitlines() if _TELLING.search(line)]
    return f"the package lists cannot be updated: {telling[0].strip() if telling else result.reason}"


def pending() -> list[str]:
    """The packages for which there is a security update that is not installed."""
    command = ["apt-get", "--simulate", "--quiet", *SECURITY, "--with-new-pkgs", "upgrade"]
    result = processes.run(command, apt.SECONDS, apt.ENVIRONMENT)
    if result.status != 0 and NO_SUCH_RELEASE in result.err:
        return []
    if result.status != 0:
        raise Failure(f"apt does not tell which updates there are: {result.reason}")
    return sorted({name for name, version in _UPGRADE.findall(result.out) if "-security" in version})


def apply_unattended(keep_running: bool) -> None:
    """Applies the security updates that are not held; `keep_running`: no package restarts what is held."""
    options = "".join(f'    "{option.partition("::Options::=")[2]}";\n' for option in apt.OPTIONS if "=--" in option)
    # Or a package is left out when somebody edited one of its files, as we do with nginx.conf.
    files.ensure(CONFIGURATION, f"DPkg::Options {{\n{options}}};\n".encode("ascii"))
    environment = {**apt.ENVIRONMENT, "APT_CONFIG": paths.on_host(CONFIGURATION)}
    if keep_running:
        _put_policy()
        environment[KEEP_RUNNING] = "1"
    report("applying security updates")
    result = processes.run(["unattended-upgrade", "--verbose"], SECONDS, environment)
    if result.status != 0:
        raise Failure(
            f"security updates were not applied: {result.reason}; "
            "look at /var/log/unattended-upgrades/unattended-upgrades.log"
        )


def _put_policy() -> None:
    """Lets what packages ask of running services (invoke-rc.d, deb-systemd-invoke) be denied during our own run."""
    begins = "|".join(f"{name}*" for name in HELD)
    text = (
        f"#!/bin/sh\n# Written by bbb-cluster: denies nothing but in its own runs.\n"
        f'[ "${KEEP_RUNNING}" = 1 ] || exit 0\n[ "$1" != --quiet ] || shift\n'
        f'case "$1" in\n{begins}) exit 101 ;;\nesac\nexit 0\n'
    ).encode("ascii")
    found = files.read(POLICY)
    if found and b"Written by bbb-cluster" not in found.content:
        report(f"{POLICY} is not ours: whether packages restart services is up to it")
        return
    files.ensure(POLICY, text, 0o755)


def upgrade_held() -> None:
    """Upgrades what was held, and what that needs; services restart as their packages have them."""
    held = [name for name in pending() if is_held(name)]
    if not held:
        return
    report(f"upgrading {', '.join(held)}")
    install = ["install", "--yes", "--no-install-recommends", "--only-upgrade"]
    command = ["apt-get", "--quiet", *apt.OPTIONS, *SECURITY, *install, *held]
    result = processes.run(command, SECONDS, apt.ENVIRONMENT)
    if result.status != 0:
        raise Failure(f"{', '.join(held)} cannot be upgraded: {result.reason}")
