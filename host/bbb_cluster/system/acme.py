"""Why an ACME server gives no certificate, in its own words, what helps, and until when it must not be asked again."""

from __future__ import annotations

import datetime
import json
import re

from . import clock, files, paths
from .failure import Failure
from .files import Change

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
LATER = f"{paths.STATE}/acme-later.json"
LONGEST = 500
RATE_LIMIT = "rate limit"
# The first that matches counts: a network that fails speaks of refused connections, too, and a CA of its own trouble.
_CLASSES = [
    (RATE_LIMIT, r"error:rateLimited|too many (certificates|failed|new|currently|requests)|retry after \d{4}-"),
    ("the CA", r"error:serverInternal|Service busy|down for maintenance"),
    ("contact", r"error:(invalid|unsupported)Contact|contact (email|address|domain)|(invalid|malformed) email"),
    ("network", r"Max retries exceeded|Failed to establish a new connection|Network is unreachable|Read timed out"),
    ("network", r"Temporary failure in name resolution|Name or service not known|CERTIFICATE_VERIFY_FAILED"),
    ("DNS", r"error:dns\b|Type:\s*dns\b|DNS problem|NXDOMAIN|SERVFAIL|no valid A records|no valid IP addresses"),
    ("CAA", r"error:caa\b|Type:\s*caa\b|CAA"),
    ("port 80", r"error:(connection|unauthorized)\b|Type:\s*(connection|unauthorized)\b|Timeout during connect"),
]
_ADVICE = {
    "the CA": "the CA has trouble at the moment: run again later",
    "contact": "the CA does not take this address: set another one with `pulumi config set acmeEmail`",
    "network": "the ACME server is not reached: look at the network, `acmeDirectory` and `extraCaCertificates`",
    "DNS": "the name's A and AAAA records must lead to this machine, and its name servers must answer",
    "CAA": "allow this CA in that CAA record, or remove the record",
    "port 80": "port 80 of this machine must be reachable from the ACME server, under this name",
}
_UNTIL = re.compile(r"retry after (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)")


def quotation(text: str) -> str:
    """The telling lines of what certbot wrote: what follows `An unexpected error occurred`, details, ACME's errors."""
    lines = [line.strip() for line in text.splitlines()]
    found, unexpected = [], False
    for line in lines:
        if line.startswith("An unexpected error occurred"):
            unexpected = True
        elif unexpected and (
            not line or line.startswith(("Ask for help", "Please see the logfile", "See the logfile"))
        ):
            unexpected = False
        elif unexpected or re.match(r"(Detail|Error|Hint):", line) or "urn:ietf:params:acme:error:" in line:
            found.append(line)
    details = [line for line in found if not line.startswith("Hint:")] or found
    details = details or [line for line in lines if line.startswith("Some challenges have failed")]
    return " ".join(dict.fromkeys(details))[:LONGEST]


def kind_of(output: str) -> str | None:
    """The class of the reason that certbot gives; None when it is unknown, and then there is no advice."""
    types = re.findall(r"^\s*(Type:.*)$", output, re.MULTILINE)
    said = "\n".join([quotation(output), *types])
    return next((name for name, pattern in _CLASSES if re.search(pattern, said, re.IGNORECASE)), None)


def explain(hostname: str, directory: str, output: str) -> str | None:
    """
    One sentence about a certificate that was not given, None when the output does not speak of one; after a rate limit
    it is remembered until when nobody is to ask again.
    """
    quoted = quotation(output)
    if not quoted:
        return None
    kind = kind_of(output)
    until = _until(quoted)
    if kind == RATE_LIMIT and until:
        note = {"hostname": hostname, "directory": directory, "until": until, "reason": quoted}
        files.ensure(LATER, json.dumps(note).encode("ascii"), 0o600)
        return f"{quoted}; nothing is asked again before {until}"
    if kind == RATE_LIMIT:
        return f"{quoted}; this is a rate limit: run again when it has passed"
    return f"{quoted}; {_ADVICE[kind]}" if kind in _ADVICE else quoted


def _until(text: str) -> str | None:
    found = _UNTIL.search(text)
    return f"{found.group(1)} {found.group(2)[:5]} UTC" if found else None


def refuse_before_its_time(hostname: str, directory: str) -> None:
    """A Failure with the CA's reason while it does not want to be asked for this name; asks nobody."""
    note = files.read_json(LATER)
    try:
        until = datetime.datetime.strptime(note["until"], "%Y-%m-%d %H:%M UTC") + datetime.timedelta(minutes=1)
    except (ValueError, KeyError, TypeError):
        return
    if (note.get("hostname"), note.get("directory")) != (hostname, directory):
        return
    if clock.utc() >= until:
        files.write(Change(LATER, None))
        return
    raise Failure(f"no certificate for {hostname}: {note.get('reason')}; nothing is asked before {note['until']}")
