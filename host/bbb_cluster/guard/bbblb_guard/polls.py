# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls of nodes: what a node did not say is not taken for an answer."""

import asyncio
import logging
import os
import time

from bbblb import model
from bbblb.lib.bbb import BBBClient
from bbblb.services.poller import MeetingPoller
from sqlalchemy.exc import SQLAlchemyError

from .doubles import compare
from .ends import UNHEARD_ENDS
from .forgetting import knowing
from .loads import weighed
from .wrapping import around

LOG = logging.getLogger("bbblb.guard")
# BBBLB refuses to start with a name that it does not know, if it begins with BBBLB_. Zero: never by itself.
FORGET_AFTER_SECONDS = float(os.environ.get("GUARD_FORGET_AFTER_SECONDS", "900"))
COUNTS = ("participantCount", "voiceParticipantCount", "videoCount")


class PollFailed(Exception):
    """A node did not say which meetings it has."""


class Asked(BBBClient):
    """Asks a node for its meetings: an answer that is none is an error, and not a node without meetings (fault 1)."""

    listed = None

    async def action(self, *args, **options):
        answer = await super().action(*args, **options)
        if asyncio.current_task().cancelling():
            raise asyncio.CancelledError
        if not answer.success or answer.xml.find("meetings") is None:
            raise PollFailed(answer.find("message", "it is no list of meetings"))
        for meeting in answer.xml.iterfind("meetings/meeting"):
            _put_right(meeting)
        self.listed[self.base_url] = answer.xml.findall("meetings/meeting")
        return answer


def _put_right(meeting):
    """What the poller reads of a meeting is where it looks for it, and as it takes it."""
    created, metadata, ended = (meeting.find(name) for name in ("createTime", "metadata", "endTime"))
    # Its age, and the size that it is expected to have (fault 11).
    if created is not None and (created.text or "").strip().isdigit():
        created.text = str(int(created.text) // 1000)
    if metadata is not None:
        metadata.tag = "meta"
    # Set when the last one leaves, who may come back: until it is over, the room is there (fault 22).
    if ended is not None and meeting.findtext("hasBeenForciblyEnded") != "true":
        ended.text = "0"
    # Above a thousand written as 1,202 (bigbluebutton#22102), which would spoil the whole node's answer (fault 22).
    for count in (meeting.find(name) for name in COUNTS):
        if count is not None:
            count.text = (count.text or "").replace(",", "")


class Helper:
    """BBBLB's helper as the poller needs it."""

    def __init__(self, helper):
        self._helper = helper
        # By the address of a node's API, the meetings that it has told of and nobody has looked at.
        self.listed = {}

    def connect(self, server, secret):
        client = Asked(server, secret, session=self._helper.make_http_client())
        client.listed = self.listed
        return client


@around(MeetingPoller, "__init__")
def _poller(original, self, *args, **options):
    original(self, *args, **options)
    # Of each node that fails, for how many seconds, and when last; when any node has answered.
    self.bbb, self.failing, self.heard = Helper(self.bbb), {}, 0


@around(MeetingPoller, "poll_one")
async def _poll_one(original, self, server_id):
    try:
        server, known = await _server(self, server_id)
        self.bbb.listed.pop(server.api_base, None)
        to_end = UNHEARD_ENDS.of(server.api_base)
        with weighed(server.domain), knowing(known):
            await original(self, server_id)
        self.failing.pop(server_id, None)
        if server.api_base not in self.bbb.listed:
            await _ask_cordoned(self, server)
        if server.api_base in self.bbb.listed:
            self.heard = time.monotonic()
            await compare(self, server, self.bbb.listed.pop(server.api_base), to_end)
    except (SQLAlchemyError, OSError) as error:
        # The database's, not the node's, whose failures are answers.
        LOG.warning("poll of server %s broken off: %s", server_id, error)
    except Exception as error:
        await _note_failure(self, server_id, error)


async def _server(poller, server_id):
    """A node, and the ids of its meetings that are known before it is asked."""
    async with poller.db.session() as session:
        known = await session.execute(model.Meeting.select(model.Meeting.internal_id, server_fk=server_id))
        return await model.Server.get(session, id=server_id), set(known.scalars())


async def _ask_cordoned(poller, server):
    """BBBLB does not ask a cordoned node that it knows no meetings of, which may have some all the same."""
    async with poller.bbb.connect(server.api_base, server.secret) as node:
        try:
            await node.action("getMeetings", timeout=poller.timeout)
        except PollFailed as error:
            LOG.info("[%s] is cordoned, and does not answer: %s", server.domain, error)


async def _note_failure(self, server_id, error):
    """
    Meetings of a node that fails stay its own; only those of one that has failed for long may begin elsewhere, while
    others answered. When none does, the balancer is the one that is cut off, and that time does not count.
    """
    now = time.monotonic()
    seconds, last = self.failing.get(server_id, (0, now))
    if now - last > 4 * self.interval:
        # Somebody else may have polled in between.
        seconds = 0
    elif self.heard > last:
        seconds += now - last
    self.failing[server_id] = (seconds, now)
    try:
        async with self.db.session() as session:
            server = await model.Server.find(session, id=server_id)
            if not server:
                return
            LOG.warning("[%s] poll failed: %s", server.domain, error)
            server.mark_error(self.maxerror)
            if server.health is model.ServerHealth.OFFLINE and 0 < FORGET_AFTER_SECONDS <= seconds:
                LOG.warning(
                    "[%s] has failed for %d s while others answered: its meetings are forgotten", server.domain, seconds
                )
                await session.execute(model.Meeting.delete(model.Meeting.server_fk == server_id))
            await session.commit()
    except (SQLAlchemyError, OSError) as failure:
        LOG.warning("the failure of server %s is not noted: %s", server_id, failure)
