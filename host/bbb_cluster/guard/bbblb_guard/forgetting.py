# SPDX-License-Identifier: AGPL-3.0-or-later
"""
What makes somebody forget a meeting may be older than the meeting: only the one that was seen is forgotten, or its room
would open twice (fault 19).
"""

from contextvars import ContextVar

from bbblb import model
from bbblb.web import bbbapi

from .wrapping import around

# What a node was asked last in this call.
_asked: ContextVar = ContextVar("asked", default="")


def note_asked(action):
    """Says of the call that goes on what a node was asked."""
    _asked.set(action)


@around(bbbapi, "forget_meeting")
async def _forget(_original, session, meeting):
    # It had yet to come to its node when that was asked.
    is_beginning = _asked.get() in ("getMeetingInfo", "sendChatMessage") and meeting.internal_id is None
    if is_beginning or not await _delete(session, meeting):
        # Its callbacks, whose deletion may have been prepared, stay as well.
        session.expunge_all()


async def _delete(session, meeting):
    """Whether a meeting was still the one that was read, and is forgotten."""
    as_read = model.Meeting.internal_id.is_not_distinct_from(meeting.internal_id)
    statement = model.Meeting.delete(model.Meeting.id == meeting.id, as_read)
    with session.no_autoflush:
        done = await session.execute(statement, execution_options={"synchronize_session": False})
    return done.rowcount > 0
