"""Tenants: whoever asks the balancer for meetings, each with a host name and a secret of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..system import request
from ..system.checksum import checksum
from ..system.failure import Failure
from ..system.progress import report
from ..system.waiting import wait_while
from . import bbblb_database, bbblb_service

# BBBLB keeps tenants for ten seconds.
SECONDS = 30
# Where a tenant that is gone asks: nowhere.
REMOVED = ".removed.invalid"
_NAME = re.compile(r"[A-Za-z0-9]{1,16}")
# Host names and secrets are unique, also while tenants exchange theirs: what is not as it is wanted lets go of both.
# A tenant that is gone stays, closed: its recordings are there when it comes back.
_CONVERGE = f"""
CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
SELECT * FROM json_to_recordset(current_setting('bbb_cluster.given')::json) AS given(name text, host text, secret text);
UPDATE tenants SET enabled = false, realm = name || '{REMOVED}', secret = gen_random_uuid()::text
WHERE realm NOT LIKE '%{REMOVED}' AND NOT EXISTS (
    SELECT FROM wanted
    WHERE (wanted.name, wanted.host, wanted.secret) = (tenants.name, tenants.realm, tenants.secret) AND enabled)
RETURNING to_json(name);
INSERT INTO tenants (name, realm, secret, enabled) SELECT name, host, secret, true FROM wanted
ON CONFLICT (name) DO UPDATE SET realm = EXCLUDED.realm, secret = EXCLUDED.secret, enabled = true
WHERE NOT tenants.enabled
RETURNING to_json(name);
"""


@dataclass(frozen=True)
class Tenant:
    """A name, and the host name at which it asks."""

    name: str
    host: str


def parse(data: dict) -> list[Tenant]:
    """The request's `tenants`."""
    tenants = []
    for item in request.field(data, "tenants", list):
        if not isinstance(item, dict):
            raise Failure("every tenant in the request must be an object")
        request.only(item, ("name", "host"), "a tenant in the request")
        name = request.field(item, "name", str)
        if not _NAME.fullmatch(name):
            raise Failure(f"`name` of a tenant in the request must be 1 to 16 letters and digits, got `{name}`")
        tenants.append(Tenant(name, request.hostname(item, "host")))
    for values in ([tenant.name for tenant in tenants], [tenant.host for tenant in tenants]):
        if len(set(values)) < len(values):
            raise Failure("names and hosts of tenants in the request must differ")
    return tenants


def converge(tenants: list[Tenant], secrets: dict[str, str], database: str = "") -> list[str]:
    """Makes BBBLB, or a database to come, have exactly these; the names of those that it had otherwise."""
    rows = [{"name": tenant.name, "host": tenant.host, "secret": secrets[tenant.name]} for tenant in tenants]
    changed = sorted(set(bbblb_database.query(_CONVERGE, rows, database)))
    if changed:
        report(f"tenants of BBBLB that were not as configured: {', '.join(changed)}")
    return changed


def wait_until_served(tenants: list[Tenant], secrets: dict[str, str]) -> None:
    """Waits until every tenant gets an answer by its host name and secret."""
    for tenant in tenants:
        why = wait_while(lambda one=tenant: refusal(one.host, secrets[one.name]), SECONDS, 1)
        if why:
            raise Failure(
                f"BBBLB does not serve the tenant {tenant.name} at {tenant.host} ({why}): "
                "look at `journalctl -u bbblb`, then run again"
            )


def refusal(host: str, secret: str, seconds: int = 10) -> str:
    """Why a tenant gets no answer by its host name and secret; empty when it does."""
    query = "recordID=none"
    signed = f"{query}&checksum={checksum('getRecordings', query, secret)}"
    status, body = bbblb_service.ask(host, f"/bigbluebutton/api/getRecordings?{signed}", seconds)
    return "" if status == 200 and "<returncode>SUCCESS</returncode>" in body else f"HTTP status {status}"
