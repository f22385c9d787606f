"""Has a machine tell its metrics to whoever knows the token: exporters of Debian's behind nginx, and two timers."""

from __future__ import annotations

import re

from ..monitoring import request_log, settings, textfile
from ..settings import manifest, plan, records, transaction
from ..settings.apply import apply, with_records
from ..system import apt, files, nginx, processes, progress, request, units
from ..system.failure import Failure
from ..system.files import Change
from ..system.lock import Lock
from . import check

NAME = "configure-monitoring"
SCOPE = "monitoring"
FIELDS = ("hostname", "role", "check", "repair", "files", "token")
TOKEN = "/etc/nginx/conf.d/bbb-cluster-metrics-token.conf"
PACKAGES = ["prometheus-node-exporter", "prometheus-nginx-exporter"]
TIMERS = ("bbb-cluster-metrics.timer", "bbb-cluster-check.timer")


def configure_monitoring(data: dict, _digest: str) -> dict:
    """
    Nobody is told before nginx knows the token. The SHA-256 of this request is neither noted nor answered: by it,
    whoever reads the state could try tokens out.
    """
    request.only(data, FIELDS)
    settings.parse(data)
    wanted = manifest.for_any(manifest.parse(request.field(data, "files", list)))
    token = request.field(data, "token", str)
    if not re.fullmatch(r"[0-9a-f]{32,128}", token):
        raise Failure("`token` in the request must have 32 to 128 hexadecimal digits")
    progress.hide(token)
    with Lock(NAME):
        pending = transaction.recover()
        apt.install(PACKAGES)
        processes.run_checked(["systemctl", "enable", "--quiet", *PACKAGES], "exporters cannot be enabled")
        settings.keep(data)
        renewed = files.ensure(TOKEN, _token_file(token).encode("ascii"), 0o600)
        changed = _put_in_force(wanted, [*pending, *(["nginx"] if renewed else [])])
        processes.run_checked(["systemctl", "start", *PACKAGES, *TIMERS], "what tells metrics does not start")
    return {"changed": changed}


def forget_monitoring(_data: dict, _digest: str) -> dict:
    """Takes everything away but Debian's packages, which nobody reaches from elsewhere."""
    with Lock(NAME):
        pending = transaction.recover()
        # First of all: without our settings the exporters would listen to everybody.
        here = [unit for unit in (*TIMERS, *PACKAGES) if units.runs_here(unit)]
        if here:
            processes.run_checked(["systemctl", "disable", "--quiet", "--now", *here], "exporters do not stop")
        processes.run(["systemctl", "reset-failed", *TIMERS, *PACKAGES])
        changed = _put_in_force([], pending)
        files.write(Change(TOKEN, None))
        nginx.reload()
        for forget in (settings.forget, textfile.forget, request_log.forget, check.forget):
            forget()
    return {"changed": changed}


def _token_file(token: str) -> str:
    # A pattern: in a table of texts a long one does not fit.
    return (
        "map $http_authorization $bbb_cluster_metrics_token_is_right {\n"
        f'    default 0;\n    "~^Bearer {token}$" 1;\n}}\n'
    )


def _put_in_force(wanted: list[manifest.Wanted], pending: list[str]) -> list[str]:
    before = records.load()
    made = plan.make(wanted, before.scope(SCOPE))
    made.report_kept()
    made.announce()
    changes = with_records(made.changes, before, before.replaced(SCOPE, made.records))
    needed = list(dict.fromkeys([*pending, *made.units]))
    if changes or needed:
        apply(changes, needed, _activate if wanted else _activate_nginx, [], pending)
    return made.paths


def _activate(names: list[str]) -> None:
    _activate_nginx(names)
    for name in names:
        if name not in (units.RELOAD, "nginx"):
            units.restart(name)


def _activate_nginx(names: list[str]) -> None:
    """Before the exporter that asks it."""
    if units.RELOAD in names:
        units.reload_definitions()
    if "nginx" in names:
        nginx.reload()
