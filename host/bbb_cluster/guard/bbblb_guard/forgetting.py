# SPDX-License-Identifier: AGPL-3.0-or-later
"""
What makes somebody forget a meeting may be older than the meeting: only the one that was seen is forgotten, and none
that a node has just confirmed, or its room would open twice (fault 19).
"""

import contextlib
import logging
from contextvars import ContextVar

from bbblb import model
from bbblb.lib.bbb import BBBClient
from bbblb.services.bbb import BBBHelper
from bbblb.services.db import DBContext
from bbblb.utils import add_scope
from bbblb.web import bbbapi, bbblbapi
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Route

from .wrapping import around

LOG = logging.getLogger("bbblb.guard")
# A node that answers nothing within that is asked by the next poll.
SECONDS = 3
# What a node was asked last in this call, with what, and whether it did it.
_answered: ContextVar = ContextVar("answered", default=("", {}, False))
# Of the poll that goes on, the ids of the meetings that were known when it began.
_known: ContextVar = ContextVar("known", default=None)
# Of the callback that goes on, the meetings that it says have ended.
_ended: ContextVar = ContextVar("ended", default=None)


def note_answer(action, query, answer):
    """Says of the call that goes on what a node has answered."""
    _answered.set((action, query or {}, answer.success))


@around(bbbapi, "forget_meeting")
async def _forget(_original, session, meeting):
    if _ended.get() is not None:
        _ended.get().append(meeting)
        return
    action, query, success = _answered.get()
    if action == "create":
        # By this very create, whatever has failed since.
        is_there = success and query["meta_bbblb-uuid"] == str(meeting.uuid)
    else:
        # One that was being created had yet to come to its node when that was asked.
        is_there = action in ("getMeetingInfo", "sendChatMessage") and meeting.internal_id is None
    if not is_there:
        await _delete(session, meeting)
    # Its callbacks, whose deletion may have been prepared, stay: a room that its node has after all is no new one then.
    session.expunge_all()


async def _delete(session, meeting):
    """Forgets a meeting that is still the one that was read."""
    as_read = model.Meeting.internal_id.is_not_distinct_from(meeting.internal_id)
    statement = model.Meeting.delete(model.Meeting.id == meeting.id, as_read)
    with session.no_autoflush:
        await session.execute(statement, execution_options={"synchronize_session": False})


@contextlib.contextmanager
def knowing(meetings):
    """What a poll does not find it forgets only if it was known, by its internal id, before the node was asked."""
    token = _known.set(meetings)
    try:
        yield
    finally:
        _known.reset(token)


@around(model, "delete")
def _delete_known(original, what):
    statement = original(what)
    if what is model.Meeting and _known.get() is not None:
        return statement.where(model.Meeting.internal_id.in_(_known.get()))
    return statement


def _asking_its_node(endpoint):
    """Told again, or late, an end may be that of an earlier meeting of the room: its node knows."""

    async def told(request):
        _ended.set([])
        response = await endpoint(request)
        for meeting in _ended.get():
            try:
                await _forget_if_over(request.app.state.services, meeting)
            except (SQLAlchemyError, OSError) as error:
                LOG.warning("whether %s is over is left to the next poll: %s", meeting, error)
        return response

    return told


async def _forget_if_over(services, meeting):
    if meeting.internal_id is None:
        return
    room = {"meetingID": add_scope(meeting.external_id, meeting.tenant.name)}
    async with services.get(BBBHelper).connect(meeting.server.api_base, meeting.server.secret) as node:
        found = await BBBClient.action(node, "getMeetingInfo", room, timeout=SECONDS)
    # Its endTime is no end: everybody has left, and may come back.
    if found.error == "notFound" or (found.success and found.find("hasBeenForciblyEnded") == "true"):
        async with services.get(DBContext).session() as session:
            await _delete(session, meeting)
            await session.commit()


for index, route in enumerate(bbblbapi.api_routes):
    if route.name == "bbblb:callback_end":
        endpoint = _asking_its_node(route.endpoint)
        bbblbapi.api_routes[index] = Route(route.path, endpoint, methods=route.methods, name=route.name)
