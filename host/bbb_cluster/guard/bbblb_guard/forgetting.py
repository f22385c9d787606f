# SPDX-License-Identifier: AGPL-3.0-or-later
"""
What makes somebody forget a meeting may be older than the meeting: only the one that was seen is forgotten, and none
that a node has just confirmed, or its room would open twice (fault 19).
"""

from contextvars import ContextVar

from bbblb import model
from bbblb.web import bbbapi

from .wrapping import around

# What a node was asked last in this call, with what, and whether it did it.
_answered: ContextVar = ContextVar("answered", default=("", {}, False))


def note_answer(action, query, answer):
    """Says of the call that goes on what a node has answered."""
    _answered.set((action, query or {}, answer.success))


@around(bbbapi, "forget_meeting")
async def _forget(_original, session, meeting):
    action, query, success = _answered.get()
    if action == "create":
        # By this very create, whatever has failed since.
        is_there = success and query["meta_bbblb-uuid"] == str(meeting.uuid)
    else:
        # One that was being created had yet to come to its node when that was asked.
        is_there = action in ("getMeetingInfo", "sendChatMessage") and meeting.internal_id is None
    if is_there or not await _delete(session, meeting):
        # Its callbacks, whose deletion may have been prepared, stay as well.
        session.expunge_all()


async def _delete(session, meeting):
    """Whether a meeting was still the one that was read, and is forgotten."""
    as_read = model.Meeting.internal_id.is_not_distinct_from(meeting.internal_id)
    statement = model.Meeting.delete(model.Meeting.id == meeting.id, as_read)
    with session.no_autoflush:
        done = await session.execute(statement, execution_options={"synchronize_session": False})
    return done.rowcount > 0
