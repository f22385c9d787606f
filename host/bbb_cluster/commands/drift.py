"""Tells what on this machine is no longer as its requests said, without changing anything."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re

from ..access import host_firewall
from ..balancer import bbblb_service, bbblb_units
from ..bigbluebutton import closed_site, cordons, installed_release, overrides, route
from ..recordings import destination
from ..recordings import units as recording_units
from ..settings import comparison, records, request_log, secret_overrides, transaction
from ..settings.comparison import Finding
from ..settings.records import Records
from ..system import files, granted, nginx, nginx_sites, paths, progress, units
from ..system.failure import Failure
from ..system.progress import report
from ..tls import certificate_files


def drift(_data: dict, _digest: str) -> dict:
    """Compares the machine with its records: every finding on its own, and one digest that changes with them."""
    recorded = records.load()
    # First of all: from here on none of them is said.
    secrets = [] if secret_overrides.are_in_force(recorded.scopes) else [Finding(secret_overrides.KEPT, "changed")]
    here, findings = _release(recorded)
    findings = [*_unfinished(), *findings, *secrets]
    for scope in recorded.scopes.values():
        found = comparison.compare(scope)
        known = {finding.path for finding in found}
        findings += found + [finding for finding in overrides.overridden(scope) if finding.path not in known]
    findings += [*_routes(), *_proxy(recorded), *_firewall()]
    for finding in findings:
        report(message(finding))
    return {
        "release": progress.clean(here) if here else None,
        "findings": [finding.as_json() for finding in findings],
        "requests": request_log.load(),
        "digest": _digest_of(findings) if findings else "",
    }


def _digest_of(findings: list[Finding]) -> str:
    concerned = sorted({finding.path for finding in findings})
    said = [[finding.as_json() for finding in findings], [[path, _mtime(path)] for path in concerned]]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _mtime(path: str) -> int | None:
    try:
        return os.stat(paths.on_host(path)).st_mtime_ns
    except OSError:
        return None


def _unfinished() -> list[Finding]:
    """What a run that was killed has left; a run that still goes on is no finding."""
    if _somebody_is_at_work():
        report("another host program is at work here: what is found now may be in order when it is done")
        return []
    found = [Finding(transaction.JOURNAL, "interrupted")] if files.exists(transaction.JOURNAL) else []
    timer = recording_units.STARTED[0]
    if not recording_units.is_in_force(destination.kept()):
        found.append(Finding(f"{recording_units.FOLDER}/{timer}", "stopped", unit=timer))
    return found + ([] if cordons.is_in_force() else [Finding(closed_site.CONF, "closed")])


def _somebody_is_at_work() -> bool:
    try:
        with open(paths.on_host(f"{paths.STATE}/lock")) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


def _release(recorded: Records) -> tuple[str | None, list[Finding]]:
    """The installed release, and whether it is another one than the node was configured for."""
    path = installed_release.RELEASE_FILE
    try:
        here = installed_release.installed()
    except Failure as error:
        return None, [Finding(path, "unreadable", found=str(error))]
    if recorded.release in (None, here):
        return here, []
    state = "missing" if here is None else "release"
    return here, [Finding(path, state, expected=recorded.release, found=here)]


def _proxy(recorded: Records) -> list[Finding]:
    """What no file of ours says: whether nginx runs, would start again, and has a certificate and no rival."""
    restarted = {unit for scope in recorded.scopes.values() for record in scope.values() for unit in record["restart"]}
    stopped = "nginx" in restarted and not units.is_up("nginx")
    findings = [Finding("/etc/nginx/nginx.conf", "stopped", unit="nginx")] if stopped else []
    flaw = nginx.flaw() if "nginx" in restarted and not stopped else ""
    findings += [Finding("/etc/nginx/nginx.conf", "refused", found=flaw, unit="nginx")] if flaw else []
    findings += [Finding(one.path, "short", found=one.what) for one in [*granted.of_the_kernel(), *granted.of_nginx()]]
    bbblb = bbblb_service.UNIT
    if bbblb in restarted and not units.is_up(bbblb):
        findings.append(Finding(f"{bbblb_units.FOLDER}/{bbblb}.service", "stopped", unit=bbblb))
    sites = [*recorded.scope("proxy"), *recorded.scope("balancer")]
    path = next((path for path in sites if path.endswith("/certificate.conf")), None)
    named = _certificate_named_in(path) if path else []
    if len(named) != 2:
        return findings
    hostname = named[0].split("/")[-2]
    findings += [Finding(site, "in the way", found=why) for site, why in nginx_sites.conflicts(hostname)]
    return findings + certificate_files.findings(*named)


def _firewall() -> list[Finding]:
    """Whether the kernel works by the firewall that is on file: another program may have flushed it."""
    is_in_force = host_firewall.is_in_force()
    return [] if is_in_force else [Finding(host_firewall.CONF, "unread", unit=host_firewall.UNIT)]


def _certificate_named_in(path: str) -> list[str]:
    """Certificate and key that a configuration of nginx names; none when it cannot be read, which is found anyway."""
    try:
        conf = files.read(path)
    except Failure:
        return []
    text = conf.content.decode("utf-8", "replace") if conf else ""
    return re.findall(r"^ssl_certificate(?:_key)?\s+(\S+);$", text, re.MULTILINE)


def _routes() -> list[Finding]:
    """Whether each route of a proxy is as it was added."""
    folder = paths.on_host(route.RECORDS)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    nodes = [name[: -len(".json")] for name in names if name.endswith(".json")]
    return [finding for node in nodes for finding in _route(node)]


def _route(node: str) -> list[Finding]:
    try:
        record = files.read(route.record_of(node))
        written = dict(json.loads(record.content if record else b"")["written"])
    except (Failure, ValueError, KeyError, TypeError):
        return [Finding(route.record_of(node), "unreadable", found="it is not what add-route has written")]
    return [finding for path, digest in written.items() for finding in comparison.compare_bytes(path, digest, 0o644)]


def message(finding: Finding) -> str:
    """A finding for a human reader."""
    where = f"{finding.path}: {finding.key}" if finding.key else finding.path
    said = {
        "missing": "is missing",
        "changed": "was changed",
        "replaced": "was replaced; all managed settings are gone",
        "unreadable": f"cannot be read: {finding.found}",
        "unread": f"is not yet read by {'systemd' if finding.unit == 'daemon-reload' else finding.unit}",
        "overridden": f"is not in force in {finding.unit}: it is set again in {finding.found}",
        "stopped": f"is not served: {finding.unit} does not run",
        "refused": f"would not be accepted at the next start: {finding.found}",
        "in the way": str(finding.found),
        "short": f"asks for more than is granted: {finding.found}",
        "expired": "has expired",
        "release": f"BigBlueButton {finding.found} is installed, configured is {finding.expected}",
        "interrupted": "a previous run was interrupted; the next one rolls it back",
        "closed": "does not say what it should: whether this node takes new meetings; the next run puts it right",
    }[finding.state]
    values = []
    if finding.state == "overridden":
        values += [f"expected {finding.expected}"]
    if finding.state in ("missing", "changed"):
        values += [f"found {finding.found}"] if finding.found is not None else []
        values += [f"expected {finding.expected}"] if finding.expected is not None else []
    return f"{where} {said}{': ' if values else ''}{', '.join(values)}"
