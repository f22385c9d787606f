"""
What a restored database of BBBLB's takes over from the one that it replaces: `pulumi up` has said more to that one, and
nodes and recordings may have come since.
"""

from __future__ import annotations

from ..system.progress import hide
from . import bbblb_database, bbblb_tenants
from .bbblb_tenants import Tenant

_SERVERS = "SELECT json_build_object('domain', domain, 'secret', secret, 'enabled', enabled) FROM servers;"
_TENANTS = "SELECT json_build_object('name', name, 'host', realm, 'secret', secret) FROM tenants WHERE enabled;"
_TABLES = "SELECT to_json(to_regclass('servers') IS NOT NULL);"
_FORMATS = """
SELECT json_build_array(record_id, format) FROM recordings LEFT JOIN playback ON recording_fk = recordings.id;
"""
_GIVEN = "json_to_recordset(current_setting('bbb_cluster.given')::json)"
_ROOMS = """
SELECT json_build_object('external', external_id, 'internal', internal_id, 'uuid', uuid, 'tenant', tenants.name,
    'domain', domain)
FROM meetings JOIN tenants ON tenants.id = tenant_fk JOIN servers ON servers.id = server_fk;
"""
_PUT = f"""
CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
SELECT * FROM {_GIVEN} AS given(domain text, secret text, enabled boolean);
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT id FROM servers WHERE domain NOT IN (SELECT domain FROM wanted);
DELETE FROM callbacks WHERE server_fk IN (SELECT id FROM gone);
DELETE FROM meetings WHERE server_fk IN (SELECT id FROM gone);
DELETE FROM servers WHERE id IN (SELECT id FROM gone);
INSERT INTO servers (domain, secret, enabled, health, errors, recover, load, stats)
SELECT domain, secret, enabled, 0, 0, 0, 0, '{{}}' FROM wanted
ON CONFLICT (domain) DO UPDATE
SET secret = EXCLUDED.secret, enabled = EXCLUDED.enabled, health = 0, errors = 0, recover = 0;
"""
# `json_agg` would write each format in a line of its own.
_RECORDINGS = """
SELECT json_build_object('recording', to_jsonb(recordings), 'tenant', tenants.name, 'formats', (
    SELECT coalesce(jsonb_agg(playback), '[]') FROM playback WHERE recording_fk = recordings.id))
FROM recordings LEFT JOIN tenants ON tenants.id = tenant_fk
WHERE record_id IN (SELECT json_array_elements_text(current_setting('bbb_cluster.given')::json));
"""
# A tenant that has come since the backup and is gone again stays closed, and keeps its recordings.
_ADD_RECORDINGS = f"""
CREATE TEMPORARY TABLE given ON COMMIT DROP AS
SELECT value FROM json_array_elements(current_setting('bbb_cluster.given')::json);
INSERT INTO tenants (name, realm, secret, enabled)
SELECT name, name || '{bbblb_tenants.REMOVED}', gen_random_uuid()::text, false
FROM (SELECT DISTINCT value ->> 'tenant' AS name FROM given) AS owners WHERE name IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO recordings (tenant_fk, record_id, external_id, state, meta, started, ended, participants, protected)
SELECT tenants.id, one.record_id, one.external_id, one.state, one.meta, one.started, one.ended, one.participants,
    one.protected
FROM given CROSS JOIN jsonb_populate_record(NULL::recordings, (value ->> 'recording')::jsonb) AS one
LEFT JOIN tenants ON tenants.name = value ->> 'tenant' ON CONFLICT DO NOTHING;
INSERT INTO playback (recording_fk, format, xml)
SELECT recordings.id, each.format ->> 'format', each.format ->> 'xml'
FROM given JOIN recordings ON record_id = value -> 'recording' ->> 'record_id',
    json_array_elements(value -> 'formats') AS each(format)
ON CONFLICT DO NOTHING;
"""
_CALLBACKS = """
SELECT json_build_object('callback', to_jsonb(callbacks), 'tenant', name, 'domain', domain)
FROM callbacks JOIN tenants ON tenants.id = tenant_fk JOIN servers ON servers.id = server_fk;
"""
_ADD_CALLBACKS = """
INSERT INTO callbacks (uuid, type, tenant_fk, server_fk, forward, created)
SELECT one.uuid, one.type, tenants.id, servers.id, one.forward, one.created
FROM json_array_elements(current_setting('bbb_cluster.given')::json) AS given(value)
CROSS JOIN jsonb_populate_record(NULL::callbacks, (value ->> 'callback')::jsonb) AS one
JOIN tenants ON name = value ->> 'tenant' JOIN servers ON domain = value ->> 'domain'
WHERE NOT EXISTS (SELECT FROM callbacks AS known WHERE (known.uuid, known.type) = (one.uuid, one.type));
"""


def servers(database: str) -> dict[str, dict]:
    """{secret, enabled} of each node, by its domain."""
    rows = _rows(_SERVERS, database)
    for row in rows:
        hide(row["secret"])
    return {row["domain"]: row for row in rows}


def put_servers(database: str, wanted: dict[str, dict]) -> None:
    """These nodes, and no others, each as polled well just now: meetings of others are forgotten with them."""
    bbblb_database.query(_PUT, list(wanted.values()), database)


def rooms() -> list[dict]:
    """Those that the database in use knows."""
    return _rows(_ROOMS, bbblb_database.NAME)


def take_tenants(database: str) -> tuple[list[Tenant], dict[str, str]]:
    """The tenants as they are configured now, with their secrets; what they have stays theirs by the name."""
    rows = _rows(_TENANTS, bbblb_database.NAME)
    for row in rows:
        hide(row["secret"])
    tenants = [Tenant(row["name"], row["host"]) for row in rows]
    secrets = {row["name"]: row["secret"] for row in rows}
    if tenants:
        bbblb_tenants.converge(tenants, secrets, database)
    return tenants, secrets


def take_recordings(database: str) -> int:
    """Adds recordings, and formats of them, that have come since the backup; how many recordings."""
    more = sorted({record for record, _ in _formats(bbblb_database.NAME) - _formats(database)})
    for ids in bbblb_database.parts(more):
        unknown = bbblb_database.query(_RECORDINGS, ids)
        for rows in bbblb_database.parts(unknown):
            bbblb_database.query(_ADD_RECORDINGS, rows, database)
    return len(more)


def take_callbacks(database: str) -> None:
    """Adds whom to call about meetings that have begun since the backup, on nodes that are there."""
    for rows in bbblb_database.parts(_rows(_CALLBACKS, bbblb_database.NAME)):
        bbblb_database.query(_ADD_CALLBACKS, rows, database)


def _formats(database: str) -> set[tuple[str, str]]:
    return {(record, name) for record, name in _rows(_FORMATS, database)}


def _rows(statement: str, database: str) -> list:
    """None where there are no tables yet."""
    has_tables = bbblb_database.query(_TABLES, database=database) == [True]
    return bbblb_database.query(statement, database=database) if has_tables else []
