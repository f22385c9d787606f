"""The folder from which Scalelite takes recordings, on another machine: by rsync over SSH."""

from __future__ import annotations

import os
import shutil

from ..system import paths, processes
from . import destination
from .bbblb_api import UPLOAD_SECONDS, Away
from .destination import Destination
from .held import FOLDER, Held

# Where recordings are packed: on the disk on which they lie.
PACKED = f"{FOLDER}/.bbb-cluster-spool"


def clear() -> None:
    """Takes away what is packed there, as by a run that was killed: for whoever holds the hand-over's lock."""
    shutil.rmtree(paths.on_host(PACKED), ignore_errors=True)


class Spool:
    """It takes what is put there; whether Scalelite has imported it is asked by whoever tells that of nodes."""

    def __init__(self, wanted: Destination):
        self._wanted = wanted

    def has(self, _one: Held) -> bool:
        """What lay there is taken away when it is imported."""
        return False

    def upload(self, one: Held) -> bool:
        """Puts a format there as a tar, under its name only when it is whole; from here that is all."""
        processes.run_checked(["which", "rsync"], "rsync is not installed on this machine")
        folder = paths.on_host(PACKED)
        archive, known_hosts = (os.path.join(folder, name) for name in (f"{one.name}.tar", "known_hosts"))
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            with open(known_hosts, "w", encoding="ascii") as file:
                file.write(f"spool {self._wanted.host_key}\n")
            # A recording may be large: whether anybody would take it is asked before it is packed.
            self._send(known_hosts, known_hosts, "--dry-run")
            place = paths.on_host(f"{FOLDER}/{one.state}")
            command = ["tar", "--create", "--file", archive, "--directory", place, f"{one.format}/{one.record}"]
            processes.run_checked(command, f"{one.folder} cannot be packed", UPLOAD_SECONDS)
            self._send(archive, known_hosts)
        finally:
            clear()
        return True

    def _send(self, path: str, known_hosts: str, *more: str) -> None:
        wanted = self._wanted
        ssh = f"ssh -F none -p {wanted.port} -i {paths.on_host(destination.KEY)} -o IdentitiesOnly=yes -o BatchMode=yes"
        ssh += " -o ConnectTimeout=10 -o StrictHostKeyChecking=yes -o HostKeyAlias=spool"
        ssh += f" -o UserKnownHostsFile={known_hosts}"
        # Read by Scalelite's importer, which is in the spool's group.
        options = ["--timeout", "300", "--perms", "--chmod", "F664", "--protect-args", "--rsh", ssh, *more]
        target = f"{wanted.user}@{wanted.host}:{wanted.directory}/"
        result = processes.run(["rsync", *options, path, target], UPLOAD_SECONDS)
        if result.status != 0:
            said = [line.strip() for line in result.err.splitlines() if line.strip()]
            # What ssh says last, or rsync first: its own last line is a number.
            by_ssh = [line for line in said if not line.startswith("rsync")]
            why = by_ssh[-1] if by_ssh else said[0] if said else f"exit status {result.status}"
            raise Away(f"the spool {wanted.name} does not take recordings ({why}): it is tried again every minute")
