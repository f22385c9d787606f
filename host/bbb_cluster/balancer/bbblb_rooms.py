"""Rooms that run on nodes and that BBBLB does not know: the next `create` would open the same room elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Callable
from xml.etree.ElementTree import Element

from ..system.failure import Failure, message
from ..system.progress import report
from ..system.xml_numbers import number
from . import bbblb_database

# As BBBLB names rooms on nodes.
SEPARATOR = "-bbblb-"
_GIVEN = "json_to_recordset(current_setting('bbb_cluster.given')::json)"
_TAKE = f"""
CREATE TEMPORARY TABLE running ON COMMIT DROP AS
SELECT external, internal, given.uuid::uuid, tenants.id AS tenant, servers.id AS server
FROM {_GIVEN} AS given(external text, internal text, uuid text, tenant text, domain text)
JOIN tenants ON tenants.name = given.tenant JOIN servers ON servers.domain = given.domain;
DELETE FROM meetings USING running WHERE internal_id = internal OR meetings.uuid = running.uuid
OR (external_id, tenant_fk) = (external, tenant);
INSERT INTO meetings (external_id, internal_id, uuid, tenant_fk, server_fk, created, modified)
SELECT external, internal, uuid, tenant, server, now(), now() FROM running
ON CONFLICT DO NOTHING RETURNING to_json(external_id);
"""


def take(
    database: str, servers: dict[str, dict], ask: Callable[[str, str], Element], known: Iterable[dict] = ()
) -> tuple[int, list[str]]:
    """
    Has a database know what runs on its nodes, which `ask` asks for their meetings by domain and secret; how many rooms
    these are, and which nodes do not answer: of their rooms, also those that are `known`.
    """
    with ThreadPoolExecutor(16) as pool:
        answers = dict(zip(servers, pool.map(lambda domain: _asked(domain, servers[domain]["secret"], ask), servers)))
    silent = [domain for domain, answer in answers.items() if answer is None]
    _put(database, [room for room in known if room["domain"] in silent])
    found = [room for domain, answer in answers.items() if answer is not None for room in rooms(domain, answer)]
    # Of one that runs on two nodes, where more people are.
    found.sort(key=lambda room: room["people"])
    return _put(database, list({(room["external"], room["tenant"]): room for room in found}.values())), silent


def _put(database: str, rows: list[dict]) -> int:
    """Each in the place of whatever the database knew of it."""
    return sum(len(bbblb_database.query(_TAKE, part, database)) for part in bbblb_database.parts(rows))


def rooms(domain: str, answer: Element) -> list[dict]:
    """The rooms in a node's list of meetings that BBBLB has begun there."""
    found = []
    for meeting in answer.iterfind("meetings/meeting"):
        external, _, tenant = (meeting.findtext("meetingID") or "").rpartition(SEPARATOR)
        uuid = meeting.findtext("metadata/bbblb-uuid")
        # One that everybody has left is there until it is over, whatever its endTime.
        if external and uuid and meeting.findtext("hasBeenForciblyEnded") != "true":
            internal, people = meeting.findtext("internalMeetingID"), number(meeting, "participantCount")
            one = {"external": external, "internal": internal, "uuid": uuid, "tenant": tenant, "domain": domain}
            found.append({**one, "people": people})
    return found


def _asked(domain: str, secret: str, ask: Callable[[str, str], Element]) -> Element | None:
    try:
        return ask(domain, secret)
    except Failure as error:
        report(f"{domain} does not say what runs there: {message(error)}; its rooms are as they are known")
        return None
