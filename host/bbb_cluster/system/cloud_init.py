"""The machine's first boot."""

from . import processes
from .progress import report

WAIT_SECONDS = 900


def wait() -> None:
    """Waits until cloud-init is done; one that went wrong is reported, and what it missed shows later."""
    report("waiting for cloud-init")
    result = processes.run(["cloud-init", "status", "--wait"], WAIT_SECONDS)
    if result.status not in (0, 127):
        report(f"cloud-init ended with a complaint (see `cloud-init status --long`): {result.reason}")
