"""A disk that holds one file system: looked at before anything is written, formatted only if nothing is on it."""

from __future__ import annotations

from . import files, processes
from .failure import Failure
from .progress import report
from .waiting import wait_while

KIND = "ext4"
# By which a file system is known for one of ours.
LABEL = "bbb-cluster"
ARRIVAL_SECONDS, PAUSE_SECONDS = 60, 1
SECONDS = 600
GIGABYTE = 10**9
_NOTHING = 2
_MENDED = 1


def prepare(device: str) -> None:
    """Waits for a disk, and makes a file system on it if it is blank; a Failure when it holds something else."""
    there = wait_while(lambda: "" if files.exists(device) else device, ARRIVAL_SECONDS, PAUSE_SECONDS)
    if there:
        raise Failure(f"{device} is not there: is the volume attached in Hetzner's Console? Then run again")
    found = _content(device)
    if not found:
        report(f"{device} is blank: making a file system on it")
        # All of it for data: nothing of the system is there that root would have to have room for.
        command = ["mkfs.ext4", "-q", "-m", "0", "-L", LABEL, device]
        processes.run_checked(command, f"no file system can be made on {device}", SECONDS)
    elif (found.get("TYPE"), found.get("LABEL")) != (KIND, LABEL):
        what = " ".join(filter(None, (found.get(name) for name in ("PTTYPE", "TYPE", "LABEL")))) or "something"
        raise Failure(
            f"{device} holds what is not this cluster's ({what}), so nothing was written there: look at it; "
            f"if nobody needs it, `wipefs --all {device}`, then run again"
        )


def _content(device: str) -> dict[str, str]:
    """What signatures on a disk say, read from the disk itself; nothing of a blank one."""
    result = processes.run(["blkid", "--probe", "--output", "export", device])
    if result.status == _NOTHING:
        return {}
    # Also where signatures contradict each other.
    told = dict(line.split("=", 1) for line in result.out.splitlines() if "=" in line)
    return told or {"TYPE": "unknown"}


def grow(device: str, size_gb: int) -> str:
    """Makes the file system as large as its disk, while it is in use; why the kernel does not do that, or nothing."""

    def small() -> str:
        told = processes.run(["blockdev", "--getsize64", device]).out.strip()
        return "" if told.isdigit() and int(told) >= size_gb * GIGABYTE else told or "unknown"

    size = wait_while(small, ARRIVAL_SECONDS, PAUSE_SECONDS)
    if size:
        raise Failure(
            f"{device} is to have {size_gb} GB, and the system knows of {size} bytes: reboot it, then run again"
        )
    result = processes.run(["resize2fs", device], SECONDS)
    return "" if result.status == 0 else result.reason


def grow_unmounted(device: str) -> None:
    """The same for one that nobody has mounted, after a check, without which it is refused."""
    result = processes.run(["e2fsck", "-f", "-p", device], SECONDS)
    if result.status not in (0, _MENDED):
        raise Failure(f"the file system on {device} is damaged: {result.reason}; look at it with `e2fsck {device}`")
    processes.run_checked(["resize2fs", device], f"the file system on {device} does not grow", SECONDS)
