"""The machine's first boot."""

from . import processes
from .progress import say

WAIT_SECONDS = 900


def wait() -> None:
    """Waits until cloud-init is done; one that went wrong is reported, and what it missed shows later."""
    say("waiting for cloud-init")
    result = processes.run(["cloud-init", "status", "--wait"], WAIT_SECONDS)
    if result.status not in (0, 127):
        say(f"cloud-init ended with a complaint (see `cloud-init status --long`): {result.reason}")
