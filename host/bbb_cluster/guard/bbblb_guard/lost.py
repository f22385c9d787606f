# SPDX-License-Identifier: AGPL-3.0-or-later
"""
A room that runs on a node and that BBBLB does not know any more would open twice (fault 17): its node was silent for
too long, its end was not heard, or its creation. So would one that BBBLB does not know well enough (fault 12).
"""

import logging
import uuid

from bbblb import model
from bbblb.utils import add_scope, split_scope

LOG = logging.getLogger("bbblb.guard")


async def learn(poller, server, meeting):
    """Has BBBLB know again a room that it has begun; False where it cannot be, as when the room is elsewhere."""
    try:
        own = uuid.UUID(meeting.findtext("meta/bbblb-uuid", ""))
    except ValueError:
        return False
    async with poller.db.session() as session:
        ids = {"uuid": own, "internal_id": meeting.findtext("internalMeetingID")}
        is_new = await put_back(session, server, meeting.findtext("meetingID"), **ids)
        await session.commit()
    if is_new:
        LOG.warning("[%s] %s runs there, and is known again", server.domain, meeting.findtext("meetingID"))
    return is_new


async def put_back(session, server, meeting, **ids):
    """Whether a room that runs was not known, also not elsewhere, and is now."""
    room, tenant = split_scope(meeting)
    owner = await model.Tenant.find(session, name=tenant)
    if owner is None:
        return False
    new = model.postgres_upsert(model.Meeting).values(external_id=room, tenant_fk=owner.id, server_fk=server.id, **ids)
    done = await session.execute(new.on_conflict_do_nothing().returning(model.Meeting.id))
    return done.scalar_one_or_none() is not None


async def learn_ids(session, server, meetings):
    """Gives rooms whose create was cut off, and that have no id, that of their meeting: others are soon forgotten."""
    found = {(one.findtext("meetingID"), one.findtext("meta/bbblb-uuid")): one for one in meetings}
    without = await session.execute(model.Meeting.select(server_fk=server.id, internal_id=None))
    for room in without.scalars():
        meeting = found.get((add_scope(room.external_id, room.tenant.name), str(room.uuid)))
        if meeting is not None:
            # The create may have had its answer in the meantime.
            known = model.Meeting.update(model.Meeting.id == room.id, model.Meeting.internal_id.is_(None))
            await session.execute(known.values(internal_id=meeting.findtext("internalMeetingID")))
    await session.commit()
