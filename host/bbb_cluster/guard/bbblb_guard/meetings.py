# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls about meetings."""

import logging
import pickle
import re
import uuid
from urllib.parse import urlsplit

import sqlalchemy
from bbblb import model
from bbblb.lib.bbb import XML, BBBClient, BBBResponse, make_error
from bbblb.services.bbb import BBBHelper
from bbblb.services.tenants import TenantCache
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from . import again
from .doubles import created_all_the_same
from .ends import UNHEARD_ENDS
from .forgetting import note_answer
from .lost import put_back
from .wrapping import around

LOG = logging.getLogger("bbblb.guard")


async def _own_copy(original, self, name):
    """A tenant in several sessions at once is refused by SQLAlchemy: each gets a copy of the cached one (fault 2)."""
    tenant = await original(self, name)
    return pickle.loads(pickle.dumps(tenant)) if tenant else None


around(TenantCache, "get_tenant_by_name")(_own_copy)
around(TenantCache, "get_tenant_by_realm")(_own_copy)


@around(model.Server, "select_best")
def _select_best(_original, cls, _tenant):
    """One that missed a poll, where there is no better one: it is likelier to work than none."""
    known = cls.select(cls.health != model.ServerHealth.OFFLINE, enabled=True)
    return known.order_by(cls.health, cls.load).limit(1)


class Told(BBBClient):
    """A node that is told of meetings."""

    db = None

    async def action(self, endpoint, query=None, *args, **options):
        if endpoint == "end":
            return await self._end(query, *args, **options)
        answer = await super().action(endpoint, query, *args, **options)
        if endpoint == "getMeetings" and not answer.success:
            # It has no part in a tenant's list of meetings, and does not spoil it (fault 4).
            return BBBResponse(xml=XML.response(XML.returncode("SUCCESS"), XML.meetings()))
        if endpoint == "create" and _is_away(answer):
            taken = await created_all_the_same(self, query["meetingID"])
            if not taken:
                await self._note_away()
                return make_error("internalError", "Unresponsive backend server")
            answer = taken
        note_answer(endpoint, query, answer)
        if endpoint == "create" and answer.success:
            await self._try_to_note_created(query, answer)
        return answer

    async def _end(self, query, *args, **options):
        with UNHEARD_ENDS.telling(self.base_url, query["meetingID"]):
            answer = await super().action("end", query, *args, **options)
            if not _is_nobody(answer):
                UNHEARD_ENDS.drop(self.base_url, [query["meetingID"]])
        return answer

    async def _try_to_note_created(self, query, answer):
        """The room is there, also where the database is away just now: BBBLB notes a new one itself, or a poll does."""
        try:
            await self._note_created(query, answer)
        except (SQLAlchemyError, OSError) as error:
            LOG.warning("%s has been created, which is not noted: %s", query["meetingID"], error)
            again.note()

    async def _note_created(self, query, answer):
        """
        A meeting whose create was cut off has no id yet, and gets none from a repeated create: without it, BBBLB would
        forget the meeting after five minutes (fault 12). One that its node had lost and began again has a new one: with
        the old one, BBBLB would forget it with the next poll (fault 16). One that was forgotten meanwhile is put back.
        """
        ids = {"uuid": uuid.UUID(query["meta_bbblb-uuid"]), "internal_id": answer.find("internalMeetingID")}
        known = model.Meeting.uuid == ids["uuid"]
        older = model.Meeting.update(known, model.Meeting.internal_id.is_distinct_from(ids["internal_id"]))
        async with self.db.session() as session:
            noted = await session.execute(older.values(internal_id=ids["internal_id"]))
            if not noted.rowcount and await model.Meeting.find(session, known) is None:
                server = await model.Server.find(session, domain=query["meta_bbblb-server"])
                if server and await put_back(session, server, query["meetingID"], **ids):
                    LOG.warning("[%s] %s was forgotten while it began", server.domain, query["meetingID"])
            await session.commit()

    async def _note_away(self):
        """No other room is tried there until its polls are good again, and this one begins elsewhere (fault 13)."""
        domain = urlsplit(self.base_url).netloc
        working = model.Server.update(
            model.Server.domain == domain, model.Server.health == model.ServerHealth.AVAILABLE
        )
        async with self.db.session() as session:
            await session.execute(working.values(health=model.ServerHealth.UNSTABLE, recover=0))
            await session.commit()
        again.note()


def _is_away(answer):
    """Whether what was answered is nothing about the meeting, and another node may do better."""
    if answer.success:
        return not answer.find("internalMeetingID")
    return _is_nobody(answer) or answer.find("messageKey", "") in ("", "checksumError")


def _is_nobody(answer):
    """Whether nobody answered who could have done what was asked."""
    message = answer.find("message", "")
    return message == "Unresponsive backend server" or re.search(r"response status: 5\d\d$", message) is not None


@around(BBBHelper, "connect")
def _connect_node(_original, self, server, secret):
    client = Told(server, secret, session=self.make_http_client())
    client.db = self.db
    return client


@around(model.Meeting, "select")
def _select_meeting(original, cls, *what, **filters):
    """Columns are what is asked for, and not a condition, which PostgreSQL refuses them to be (fault 4)."""
    if what and all(isinstance(one, InstrumentedAttribute) for one in what):
        return sqlalchemy.select(*what).filter_by(**filters)
    return original(cls, *what, **filters)
