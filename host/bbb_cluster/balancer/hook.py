"""A script of the administrator's that tells any other load balancer."""

from __future__ import annotations

import hashlib

from ..system import files, paths, processes
from ..system.failure import Failure
from ..system.progress import clean, report
from .balancer import Balancer, host_of

FOLDER = f"{paths.STATE}/hooks"
SECONDS = 300


class Hook(Balancer):
    """The script, run by root as `SCRIPT EVENT NODE_HOSTNAME`; an event may come again for what is so already."""

    told = True

    def __init__(self, script: str):
        self._script = script

    def enable(self, url: str) -> None:
        """New meetings may begin there; also said of a node that comes."""
        self._run("enable", url)

    def cordon(self, url: str, last_too: bool = False) -> None:
        """No new meetings, running ones go on."""
        self._run("cordon", url)

    def _remove(self, url: str) -> None:
        self._run("remove", url)

    def give_up(self, url: str) -> None:
        """It is gone, with its meetings."""
        self._run("give-up", url)

    def _run(self, event: str, url: str) -> None:
        content = self._script.encode()
        path = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}"
        files.ensure(path, content, 0o700)
        report(f"running the hook of `loadBalancer`: {event} {host_of(url)}")
        result = processes.run([paths.on_host(path), event, host_of(url)], SECONDS)
        if result.status != 0:
            lines = [line.strip() for line in f"{result.out}\n{result.err}".splitlines() if line.strip()]
            why = clean(lines[-1]) if lines else f"exit status {result.status}"
            raise Failure(f"the hook of `loadBalancer` failed at {event} {host_of(url)}: {why}")
