"""nginx: checked, reloaded, and seen to work by its new configuration."""

from __future__ import annotations

import re

from . import processes, units
from .failure import Failure
from .waiting import wait_while

RELOAD_SECONDS = 15


def check() -> None:
    """Fails when nginx would not accept its configuration."""
    result = processes.run(["nginx", "-t"])
    if result.status != 0:
        # The last line only says that the test failed; these say what is wrong, in which file and line.
        lines = [line.strip() for line in (result.out + "\n" + result.err).splitlines()]
        wrong = [line for line in lines if re.search(r"\[(emerg|alert|crit)\]", line)]
        raise Failure(f"nginx does not accept its configuration: {'; '.join(wrong) or result.reason}")


def reload() -> None:
    """Makes nginx work by its new configuration, after a check; a reload alone returns before it does, if it does."""
    check()
    before = _workers()
    processes.run_checked(["systemctl", "reload-or-restart", "nginx"], "nginx cannot be reloaded")
    if wait_while(lambda: " ".join(before & _workers()), RELOAD_SECONDS, 0.1):
        raise Failure("nginx keeps its old configuration: the end of /var/log/nginx/error.log says why")


def ensure_running() -> None:
    """Starts nginx where it does not run, now and at each boot."""
    if not units.is_up("nginx"):
        check()
    processes.run_checked(["systemctl", "enable", "--now", "nginx"], "nginx does not start")


def _workers() -> set[str]:
    master = processes.run(["systemctl", "show", "-p", "MainPID", "--value", "nginx"]).out.strip()
    # Workers of the old configuration call themselves `… is shutting down` as soon as they accept nothing any more.
    return set(processes.run(["pgrep", "--parent", master, "--full", "^nginx: worker process$"]).out.split())
