"""The folder from which Scalelite takes recordings, on another machine: by rsync over SSH."""

from __future__ import annotations

import os
import tempfile

from ..system import paths, processes
from . import destination
from .bbblb_api import UPLOAD_SECONDS, Away
from .destination import Destination
from .held import FOLDER, Held


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
        with tempfile.TemporaryDirectory(dir=paths.on_host(FOLDER)) as folder:
            archive = os.path.join(folder, f"{one.name}.tar")
            place = paths.on_host(f"{FOLDER}/{one.state}")
            command = ["tar", "--create", "--file", archive, "--directory", place, f"{one.format}/{one.record}"]
            processes.run_checked(command, f"{one.folder} cannot be packed", UPLOAD_SECONDS)
            self._send(archive, os.path.join(folder, "known_hosts"))
        return True

    def _send(self, archive: str, known_hosts: str) -> None:
        wanted = self._wanted
        with open(known_hosts, "w", encoding="ascii") as file:
            file.write(f"spool {wanted.host_key}\n")
        ssh = f"ssh -F none -p {wanted.port} -i {paths.on_host(destination.KEY)} -o IdentitiesOnly=yes -o BatchMode=yes"
        ssh += " -o ConnectTimeout=10 -o StrictHostKeyChecking=yes -o HostKeyAlias=spool"
        ssh += f" -o UserKnownHostsFile={known_hosts}"
        # Read by Scalelite's importer, which is in the spool's group.
        options = ["--timeout", "300", "--perms", "--chmod", "F664", "--protect-args", "--rsh", ssh]
        target = f"{wanted.user}@{wanted.host}:{wanted.directory}/"
        result = processes.run(["rsync", *options, archive, target], UPLOAD_SECONDS)
        if result.status != 0:
            said = [line.strip() for line in result.err.splitlines() if line.strip()]
            # What ssh says last, or rsync first: its own last line is a number.
            by_ssh = [line for line in said if not line.startswith("rsync")]
            why = by_ssh[-1] if by_ssh else said[0] if said else f"exit status {result.status}"
            raise Away(f"the spool {wanted.name} does not take recordings ({why}): it is tried again every minute")
