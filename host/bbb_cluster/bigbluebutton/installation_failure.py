"""Why bbb-install failed: the telling lines of its log, and what helps, as far as the reason is known."""

from __future__ import annotations

import re

from ..system import acme, processes
from ..system.progress import report
from . import installer

SHOWN_LINES = 10
SEARCHED_LINES = 200
LONGEST = 300
REPLACE = "then replace this machine: it cannot become a node"
# A sign in the log, and what helps; `run again` only where that helps. The first one that is found counts.
REMEDIES = [
    (r"64-bit server|aarch64|arm64", f"choose a server type of x86 for this node, {REPLACE}"),
    (r"You must run this command on Ubuntu", f"choose an image of that Ubuntu (`nodeImage`), {REPLACE}"),
    (
        r"No space left on device",
        "the disk is full: free some space (`df -h`), then run again, or take a larger server",
    ),
    (
        r"Temporary failure resolving|Could not resolve",
        "names are not found: look at this machine's DNS, then run again",
    ),
    (
        r"Could not get lock|Unable to acquire the dpkg",
        "another package manager is at work: wait for it, then run again",
    ),
    (r"Network is unreachable", "no network: look at this machine's addresses and routes, then run again"),
]
# What bbb-install, apt and dpkg say when they give up.
_TELLING = re.compile(r"(bbb-install: |E: |dpkg: error|.*No space left on device|.*[Nn]ot found$)")


def explain(hostname: str, acme_directory: str) -> str:
    """Shows the end of the log and sums it up in one sentence."""
    lines = installer.tail(SEARCHED_LINES)
    for line in lines[-SHOWN_LINES:]:
        report(f"bbb-install: {line}")
    shown = processes.run(["systemctl", "show", "-p", "ExecMainStatus", f"{installer.UNIT}.service"]).out.strip()
    status = shown.partition("=")[2] or "unknown"
    return f"bbb-install failed with exit status {status}: {_reason(lines, hostname, acme_directory)}"


def _reason(lines: list[str], hostname: str, acme_directory: str) -> str:
    text = "\n".join(lines)
    certificate = acme.explain(hostname, acme_directory, text)
    if certificate:
        return f"no certificate for {hostname}: {certificate}"
    for sign, remedy in REMEDIES:
        found = [line for line in lines if re.search(sign, line)]
        if found:
            return f"{found[-1][:LONGEST]}; {remedy}"
    telling = [line for line in lines if _TELLING.match(line)] or lines or ["it wrote nothing"]
    return f"{telling[-1][:LONGEST]}; {installer.LOG} says more"
