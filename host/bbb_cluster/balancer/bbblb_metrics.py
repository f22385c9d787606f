"""What the balancer's machine tells a Prometheus of BBBLB, which has no metrics of its own."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from ..system import clock, files, paths, units
from ..system.failure import Failure
from ..system.metric import Metric
from ..system.progress import hide
from . import bbblb_database, bbblb_service, bbblb_tenants

_SERVERS = """
SELECT json_build_object('server', servers.domain, 'enabled', servers.enabled, 'health', servers.health,
    'load', servers.load, 'meetings', (SELECT count(*) FROM meetings WHERE meetings.server_fk = servers.id))
FROM servers ORDER BY servers.domain;
"""
_TENANTS = "SELECT row_to_json(tenants) FROM tenants WHERE enabled ORDER BY name;"
# When poller and importer have last said that they are alive.
_LOCKS = "SELECT json_build_object('name', name, 'age', extract(epoch FROM now() - ts)) FROM locks;"
INBOX, FAILED = f"{bbblb_service.DATA}/recordings/inbox/*.tar", f"{bbblb_service.DATA}/recordings/failed/*"
# What lies there longer is not being imported.
PATIENCE_SECONDS = 300
# One that hangs is as good as none. All of it has to be told within a minute, also when each of 90 tenants hangs.
DATABASE_SECONDS = 8
TENANT_SECONDS = 4
TENANTS_AT_ONCE = 16


def metrics() -> list[Metric]:
    """Of this moment."""
    status, _ = bbblb_service.ask("localhost", "/bigbluebutton/api/")
    answers = units.is_up(bbblb_service.UNIT) and status == 200
    found = [Metric("bbb_balancer_up", float(answers)), *_imports()]
    try:
        rows = (bbblb_database.query(each, seconds=DATABASE_SECONDS) for each in (_SERVERS, _LOCKS, _TENANTS))
        servers, locks, tenants = rows
    except Failure:
        return [*found, Metric("bbb_balancer_database_up", 0)]
    found.append(Metric("bbb_balancer_database_up", 1))
    for server in servers:
        labels = {"server": server["server"]}
        found += [
            Metric("bbb_balancer_server_enabled", float(server["enabled"]), labels),
            Metric("bbb_balancer_server_health", server["health"], labels),
            Metric("bbb_balancer_server_load", server["load"], labels),
            Metric("bbb_balancer_meetings", server["meetings"], labels),
        ]
    with ThreadPoolExecutor(TENANTS_AT_ONCE) as pool:
        served = pool.map(_answers, tenants) if answers else [False for _ in tenants]
    for one, serves in zip(tenants, served):
        found.append(Metric("bbb_balancer_tenant_up", float(serves), {"tenant": one["name"]}))
    return found + [Metric(f"bbb_balancer_{row['name']}_age_seconds", max(0, float(row["age"]))) for row in locks]


def _answers(tenant: dict) -> bool:
    hide(tenant["secret"])
    return not bbblb_tenants.refusal(tenant["realm"], tenant["secret"], TENANT_SECONDS)


def _imports() -> list[Metric]:
    stuck = [path for path in files.matching(INBOX) if _age(path) > PATIENCE_SECONDS]
    return [
        Metric("bbb_balancer_inbox", len(stuck)),
        Metric("bbb_balancer_import_failed", len(files.matching(FAILED))),
    ]


def _age(path: str) -> float:
    try:
        return clock.wall() - os.stat(paths.on_host(path)).st_mtime
    except FileNotFoundError:
        # It was imported this moment.
        return 0
