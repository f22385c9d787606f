"""The repository of copies, which restic encrypts before they leave this machine."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable

from ..system import processes
from ..system.failure import Failure
from ..system.processes import Result
from ..system.progress import clean, report
from . import settings, unread
from .settings import Backup

PACKAGES = ["restic", "openssh-client"]
CACHE = "/var/cache/bbb-cluster-restic"
TAG = "bbb-cluster"
QUICK_SECONDS = 180
LONG_SECONDS = 12 * 3600
# Of the data, as many are read in turn, one a week: all of them within a quarter of a year.
PARTS = 13
# Of restic's exit statuses.
PARTLY, MISSING, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12
# The host's key is taken at first sight: what goes there is encrypted and signed, whoever has it.
_SSH = (
    f"-i {settings.KEY} -o IdentitiesOnly=yes -o UserKnownHostsFile={settings.KNOWN_HOSTS} "
    "-o StrictHostKeyChecking=accept-new -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30"
)


class Repository:
    """One repository, as its settings lead to it."""

    def __init__(self, kept: Backup):
        self._kept = kept
        self.name = kept.repository

    def open(self, before: str = "", make: bool = False) -> None:
        """Sees that it can be used: replaces the password that it had before, and with `make` makes one that is not."""
        result = self._run(["cat", "config"], QUICK_SECONDS)
        before = before or self._kept.previous
        if result.status == WRONG_PASSWORD and before:
            self._change_password(before)
        elif result.status == MISSING and make:
            report(f"making the backup's repository {self.name}")
            self._checked(["init"], QUICK_SECONDS)
        elif result.status != 0:
            raise self._failure(result)

    def _change_password(self, before: str) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
            file.write(self._kept.password)
            file.flush()
            self._checked(["key", "passwd", "--new-password-file", file.name], QUICK_SECONDS, before)
        report("the backup's repository has the password of this clusterSecret now")

    def snapshots(self) -> list[dict]:
        """{id, time, bytes} of each copy of this cluster's, the newest last."""
        found = json.loads(self._checked(["snapshots", "--json", *self._own()], QUICK_SECONDS).out or "[]") or []
        each = [
            {
                "id": one["short_id"],
                "time": _seconds(one["time"]),
                "bytes": (one.get("summary") or {}).get("total_bytes_processed"),
            }
            for one in found
        ]
        return sorted(each, key=lambda one: one["time"])

    def save(self, folders: list[str], without: list[str]) -> tuple[str, str]:
        """Copies folders as they are now; the copy's id, and what of it could not be read."""
        excluded = [f"--exclude={pattern}" for pattern in without]
        command = ["backup", "--json", "--host", self._kept.host, "--tag", TAG, *excluded, *folders]
        result = self._run(command, LONG_SECONDS)
        if result.status not in (0, PARTLY):
            raise self._failure(result)
        found = re.findall(r'"snapshot_id":"([0-9a-f]{8})', result.out)
        if not found:
            raise self._failure(Result(1, "", "restic names no snapshot"))
        return found[-1], unread.told(result.err, folders) if result.status == PARTLY else ""

    def forget(self) -> None:
        """Keeps as many as are wanted, and frees the room of the others."""
        keep = ["--keep-daily", f"{self._kept.keep_daily}", "--keep-weekly", f"{self._kept.keep_weekly}"]
        self._checked(["forget", *self._own(), "--group-by", "host", *keep, "--prune"], LONG_SECONDS)

    def check(self, turn: int) -> None:
        """
        Whether all that it should have is there, and one part of the data, each at its turn, as it was written; a
        Failure says what is not.
        """
        result = self._run(["check", f"--read-data-subset={turn % PARTS + 1}/{PARTS}"], LONG_SECONDS)
        if result.status != 0:
            why = clean(_reason(result))
            raise Failure(
                f"the backup's repository {self.name} is damaged: {why}; look at `restic check`, or begin a new one"
            )

    def restore(self, snapshot: str, folder: str, target: str, without: Iterable[str] = ()) -> None:
        """What a copy has of a folder, but for some paths in it, put over what is in another one."""
        self._restore(f"{snapshot}:{folder}", target, without)

    def size(self, snapshot: str, folder: str, target: str, without: Iterable[str] = ()) -> int:
        """How many bytes the same would put there."""
        told = self._restore(f"{snapshot}:{folder}", target, without, ["--dry-run", "--json"])
        # What is 0 is left out.
        return json.loads(told.splitlines()[-1]).get("total_bytes", 0)

    def _restore(self, source: str, target: str, without: Iterable[str], options: Iterable[str] = ()) -> str:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.writelines(f"{path}\n" for path in without)
            file.flush()
            words = ["restore", *options, source, "--target", target, "--exclude-file", file.name]
            return self._checked(words, LONG_SECONDS).out

    def _own(self) -> list[str]:
        return ["--host", self._kept.host, "--tag", TAG]

    def _checked(self, words: list[str], seconds: float, password: str = "") -> Result:
        result = self._run(words, seconds, password)
        if result.status != 0:
            raise self._failure(result)
        return result

    def _run(self, words: list[str], seconds: float, password: str = "") -> Result:
        result = self._restic(words, seconds, password)
        if result.status != LOCKED:
            return result
        # Takes away what a machine that was killed, or is gone, has left; others' locks stay.
        self._restic(["unlock"], QUICK_SECONDS, password)
        return self._restic(words, seconds, password)

    def _restic(self, words: list[str], seconds: float, password: str) -> Result:
        environment = {
            "RESTIC_REPOSITORY": self.name,
            "RESTIC_PASSWORD": password or self._kept.password,
            "RESTIC_CACHE_DIR": CACHE,
            "AWS_ACCESS_KEY_ID": self._kept.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self._kept.secret_access_key,
        }
        options = ["--option", f"sftp.args={_SSH}"] if self.name.startswith("sftp:") else []
        try:
            return processes.run(["restic", "--quiet", *options, *words], seconds, environment)
        except Failure as error:
            raise Failure(f"the backup's repository {self.name} cannot be used: {error}") from None

    def _failure(self, result: Result) -> Failure:
        name, said = self.name, result.err + result.out
        if result.status == MISSING:
            return Failure(
                f"the backup's repository {name} is not there: is what it lies on mounted? Then run again; where it is "
                "gone for good, `npm run restore -- --keep` makes a new one, which has none of the copies before"
            )
        if result.status == WRONG_PASSWORD:
            return Failure(
                f"the backup's repository {name} has another password than this clusterSecret gives: "
                "`npm run restore -- --secret-file FILE` with the clusterSecret that it was made with, or use another"
            )
        if result.status == LOCKED:
            return Failure(
                f"the backup's repository {name} is locked: by another machine, or one that is gone; "
                "such a lock is void after 30 minutes"
            )
        if "Permission denied" in said and self._kept.ssh_public_key:
            key = self._kept.ssh_public_key
            return Failure(f"the backup's repository {name} does not let this machine in: add its key there: {key}")
        if "Host key verification failed" in said:
            return Failure(
                f"the backup's repository {name} is on a host with another key than before: if that is right, "
                f"remove {settings.KNOWN_HOSTS} here"
            )
        if re.search(r"no space left|quota|disk full", said, re.IGNORECASE):
            return Failure(f"no room is left for the backup, here or in {name}: {clean(_reason(result))}")
        return Failure(f"the backup's repository {name} cannot be used: {clean(_reason(result))}")


def _reason(result: Result) -> str:
    """What restic, or the program that it calls, says first that tells something."""
    lines = [line.strip() for line in (result.err + "\n" + result.out).splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("Fatal: ", "subprocess ssh: ", "error"))]
    return re.sub("^Fatal: ", "", (telling or lines or [f"exit status {result.status}"])[0])


def _seconds(time: str) -> str:
    """restic's times in UTC, to the second."""
    return f"{time[:19]}Z"
