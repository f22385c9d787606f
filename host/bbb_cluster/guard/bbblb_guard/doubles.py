# SPDX-License-Identifier: AGPL-3.0-or-later
"""
A node can have taken a `create` whose answer nobody heard. Its room is asked for before it begins elsewhere; one that
is found only after that, and that nobody entered, is ended, so that no room is open twice (fault 14). So is one whose
node was not there when it was to be ended (fault 15).
"""

import logging

import sqlalchemy
from bbblb import model
from bbblb.lib.bbb import XML, BBBClient, BBBResponse
from bbblb.utils import add_scope, split_scope

from .ends import UNHEARD_ENDS
from .lost import learn, learn_ids

LOG = logging.getLogger("bbblb.guard")
# What the answer to a create has in common with what a node tells of a meeting.
TOLD = (
    *("meetingID", "internalMeetingID", "attendeePW", "moderatorPW", "createTime", "voiceBridge", "dialNumber"),
    *("createDate", "hasUserJoined", "duration", "hasBeenForciblyEnded"),
)
# A node that answers nothing within that is away for this call, too.
SECONDS = 3


async def created_all_the_same(client, meeting):
    """The answer to a create that nobody heard, if the node has the meeting; else None."""
    found = await BBBClient.action(client, "getMeetingInfo", {"meetingID": meeting}, timeout=SECONDS)
    if not found.success or not found.find("internalMeetingID") or found.find("hasBeenForciblyEnded") == "true":
        return None
    told = [getattr(XML, name)(found.find(name, "")) for name in TOLD]
    return BBBResponse(
        xml=XML.response(
            XML.returncode("SUCCESS"), *told, XML.parentMeetingID("bbb-none"), XML.messageKey(""), XML.message("")
        )
    )


async def compare(poller, server, meetings, to_end):
    """
    Of a node's meetings that it is not known to have, ends those that were to end, or whose room is elsewhere and that
    nobody has entered; rooms that are nowhere else are there from now on. `to_end` are those that were to end before
    the node was asked: of what has been said since, its answer does not know.
    """
    async with poller.db.session() as session:
        await learn_ids(session, server, meetings)
        here = await _rooms_of(session, server)
    strange = [meeting for meeting in meetings if meeting.findtext("meetingID") not in here]
    # Until they are gone, of which nobody may hear, either, or begun again.
    UNHEARD_ENDS.drop(server.api_base, to_end - {meeting.findtext("meetingID") for meeting in strange})
    for meeting in strange:
        if (meeting.findtext("endTime") or "0") != "0":
            continue
        end = (server.api_base, meeting.findtext("meetingID"))
        if UNHEARD_ENDS.is_being_told(*end):
            # Its node may refuse, as with a wrong password: what it answers decides.
            continue
        if end in UNHEARD_ENDS:
            await _end_unheard(poller, server, meeting)
        elif meeting.findtext("meta/bbblb-origin") == poller.config.DOMAIN:
            known = await learn(poller, server, meeting)
            if not known and not _has_been_entered(meeting):
                await _end_if_double(poller, server, meeting)


async def _rooms_of(session, server):
    """What a node calls the rooms that it is known to have."""
    rooms = model.select(model.Meeting.external_id, model.Tenant.name).join(model.Meeting.tenant)
    known = await session.execute(rooms.where(model.Meeting.server_fk == server.id))
    return {add_scope(room, tenant) for room, tenant in known}


def _has_been_entered(meeting):
    return meeting.findtext("hasUserJoined") == "true" or meeting.findtext("participantCount") != "0"


async def _end_unheard(poller, server, meeting):
    async with poller.db.session() as session:
        # No room begins there meanwhile: it could be this one, again. For those that wait, all other connections may be
        # taken.
        await session.execute(model.Server.select(id=server.id).with_for_update())
        if meeting.findtext("meetingID") not in await _rooms_of(session, server):
            await _end(poller, server, meeting, "its node had not heard that it ends")


async def _end_if_double(poller, server, meeting):
    async with poller.db.session() as session:
        if not await _is_elsewhere(session, server, meeting):
            return
        # Its frontend is not told that the room has ended, which goes on.
        own = sqlalchemy.cast(model.Callback.uuid, sqlalchemy.Text) == meeting.findtext("meta/bbblb-uuid")
        await session.execute(model.Callback.delete(own, model.Callback.type == model.CALLBACK_TYPE_END))
        await session.commit()
        if await _is_elsewhere(session, server, meeting):
            await _end(poller, server, meeting, "its room is elsewhere, and nobody had entered")


async def _is_elsewhere(session, server, meeting):
    """Kept there until the session ends: a room that is over could begin again, here."""
    room, tenant = split_scope(meeting.findtext("meetingID"))
    known = model.Meeting.select(
        model.Meeting.external_id == room,
        model.Meeting.tenant.has(name=tenant),
        model.Meeting.internal_id.is_not(None),
        model.Meeting.server_fk != server.id,
    ).with_for_update(of=model.Meeting)
    return (await session.execute(known)).scalar_one_or_none() is not None


async def _end(poller, server, meeting, why):
    scoped = meeting.findtext("meetingID")
    async with poller.bbb.connect(server.api_base, server.secret) as node:
        end = {"meetingID": scoped, "password": meeting.findtext("moderatorPW", "")}
        await BBBClient.action(node, "end", end, timeout=SECONDS)
    LOG.warning("[%s] %s was ended: %s", server.domain, scoped, why)
