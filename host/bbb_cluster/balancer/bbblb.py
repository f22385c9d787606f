"""
BBBLB on this machine, told in its database: its own `server delete` removes nothing, its `state import` opens what was
closed by hand, and neither removes a node that had callbacks.
"""

from __future__ import annotations

import json

from ..system import files
from ..system.progress import hide, report
from . import bbblb_database, bbblb_rooms
from .balancer import Balancer, Format, Refused, Server, host_of
from .bbblb_service import DATA

LOADS = f"{DATA}/loads.json"
# Of the state that BBBLB keeps of its polls.
OFFLINE = 2
_GIVEN = "current_setting('bbb_cluster.given')::json"
_DOMAIN = f"{_GIVEN} ->> 'domain'"
_STATE = f"SELECT row_to_json(servers) FROM servers WHERE domain = {_DOMAIN};"
# New ones are closed, and have not been polled.
_ADD = f"""
INSERT INTO servers (domain, secret, enabled, health, errors, recover, load, stats)
VALUES ({_DOMAIN}, {_GIVEN} ->> 'secret', false, 1, 0, 0, 0, '{{}}')
ON CONFLICT (domain) DO UPDATE SET secret = EXCLUDED.secret WHERE servers.secret <> EXCLUDED.secret
RETURNING to_json(domain);
"""
# As `server enable --now` does: whoever asks for it has seen that the node works.
_ENABLE = f"""
UPDATE servers SET enabled = true, health = 0, errors = 0, recover = 0
WHERE domain = {_DOMAIN} AND (NOT enabled OR health <> 0) RETURNING to_json(domain);
"""
# One after the other: of two at the same time each would take the other for one that stays.
_CORDON = f"""
SELECT pg_advisory_xact_lock(hashtext('bbb_cluster.cordon')) \\g /dev/null
UPDATE servers SET enabled = false WHERE domain = {_DOMAIN} AND enabled AND (({_GIVEN} ->> 'last')::boolean OR EXISTS (
    SELECT FROM servers AS others WHERE others.domain <> {_DOMAIN} AND others.enabled AND others.health < {OFFLINE}))
RETURNING to_json(domain);
"""
# Callbacks of ended meetings are kept for a month, and keep their node.
_FORGET = f"""
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT id FROM servers
WHERE domain = {_DOMAIN} AND (NOT enabled OR ({_GIVEN} ->> 'enabled')::boolean) FOR UPDATE;
DELETE FROM callbacks WHERE server_fk IN (SELECT id FROM gone);
DELETE FROM meetings WHERE server_fk IN (SELECT id FROM gone);
DELETE FROM servers WHERE id IN (SELECT id FROM gone) RETURNING to_json(domain);
"""

_IMPORTED = f"""
SELECT json_build_array(record_id, format, tenants.name) FROM recordings
JOIN playback ON recording_fk = recordings.id JOIN tenants ON tenants.id = tenant_fk
WHERE record_id IN (SELECT json_array_elements_text({_GIVEN}));
"""
# What tenants have deleted, as the guard notes it from its first start on.
_NOTES = "SELECT to_json(to_regclass('guard_deleted') IS NOT NULL);"
_DELETED = f"""
SELECT to_json(record_id) FROM guard_deleted WHERE record_id IN (SELECT json_array_elements_text({_GIVEN}));
"""
RECORDINGS = f"{DATA}/recordings"


class Bbblb(Balancer):
    """Every step can be repeated; each is one transaction, and in force from the next call of a frontend on."""

    told = tells = takes_recordings = True

    def state(self, url: str) -> Server | None:
        """The server with the URL's host; one that is disabled keeps its meetings, which is cordoned."""
        rows = bbblb_database.query(_STATE, {"domain": host_of(url)})
        if not rows:
            return None
        row = rows[0]
        state = "enabled" if row["enabled"] else "cordoned"
        return Server(row["domain"], url, state, row["load"], row["health"] < OFFLINE, row["secret"])

    def add(self, url: str, secret: str, load_multiplier: float) -> None:
        """Adds it, closed, unless it is there, or corrects its secret and what a meeting there counts."""
        hide(secret)
        if bbblb_database.query(_ADD, {"domain": host_of(url), "secret": secret}):
            report(f"adding {host_of(url)} to BBBLB, or correcting its secret")
            self._learn(host_of(url), secret)
        self._weigh(url, load_multiplier)

    def _learn(self, domain: str, secret: str) -> None:
        """What runs there, when this machine has come in the place of one that was lost."""
        ask = self.ask
        if ask is not None:
            count, _ = bbblb_rooms.take(bbblb_database.NAME, {domain: {"secret": secret}}, lambda *_: ask())
            report(f"{count} rooms run on {domain}, and stay there")

    def enable(self, url: str) -> None:
        """For new meetings, at once."""
        if self.state(url) is None:
            raise Refused(f"BBBLB does not know {host_of(url)}: `pulumi up` adds it")
        if bbblb_database.query(_ENABLE, {"domain": host_of(url)}):
            report(f"{host_of(url)} is enabled at BBBLB")

    def cordon(self, url: str, last_too: bool = False) -> None:
        """For new meetings; Refused for the last node that is enabled and not offline."""
        if bbblb_database.query(_CORDON, {"domain": host_of(url), "last": last_too}):
            report(f"cordoning {host_of(url)} at BBBLB")
            return
        server = self.state(url)
        if server and server.state == "enabled":
            raise Refused(
                f"{host_of(url)} is the last server of BBBLB that is enabled and online: "
                "without one no meeting can begin; enable another one first"
            )

    def _remove(self, url: str) -> None:
        self._forget(url, False)
        if self.state(url):
            raise Refused(
                f"{host_of(url)} is enabled at BBBLB, and not by this cluster: `bbblb server disable {host_of(url)}` "
                "there, then run again"
            )

    def give_up(self, url: str) -> None:
        """Without asking anybody: its rooms begin elsewhere with the next call."""
        self._forget(url, True)

    def lacks(self, formats: list[Format]) -> list[Format]:
        """Those that it has not imported, or of which the first file is missing; what a tenant has deleted, it had."""
        lacking = []
        for part in bbblb_database.parts(sorted({record for record, _ in formats})):
            tenants = {(record, name): tenant for record, name, tenant in bbblb_database.query(_IMPORTED, part)}
            deleted = bbblb_database.query(_DELETED, part) if bbblb_database.query(_NOTES) == [True] else []
            asked = set(part).difference(deleted)
            lacking += [one for one in formats if one[0] in asked and not self._has(*one, tenants.get(one))]
        return lacking

    def _has(self, record: str, name: str, tenant: str | None) -> bool:
        return bool(tenant) and files.exists(f"{RECORDINGS}/storage/{tenant}/{record}/{name}/metadata.xml")

    def _forget(self, url: str, enabled_too: bool) -> None:
        if bbblb_database.query(_FORGET, {"domain": host_of(url), "enabled": enabled_too}):
            report(f"removing {host_of(url)} from BBBLB")
            self._weigh(url, 1)

    def _weigh(self, url: str, factor: float) -> None:
        """For the guard, which reads it; BBBLB itself knows no nodes of different sizes."""
        known = files.read_json(LOADS)
        factors = {domain: other for domain, other in known.items() if domain != host_of(url)}
        factors.update({host_of(url): factor} if factor != 1 else {})
        if factors != known:
            files.ensure(LOADS, json.dumps(factors, sort_keys=True).encode("ascii"))
