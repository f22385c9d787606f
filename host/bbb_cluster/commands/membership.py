"""On a proxy: a node's place at the load balancer, which it gets last of all and gives up first, if it is empty."""

from __future__ import annotations

from dataclasses import dataclass

from ..balancer import choice, members
from ..balancer.balancer import Balancer, Format
from ..bigbluebutton import api, emptiness
from ..bigbluebutton.route import identity, node_address, node_name
from ..recordings import removal
from ..system import progress, request
from ..system.failure import Failure, message
from ..system.progress import report

FIELDS = ("node", "nodeHostname", "nodeAddress", "secret", "loadMultiplier", "state", "discard", "proxyServerId")


@dataclass(frozen=True)
class Membership:
    """A node, how its API is asked, and what the load balancer is to think of it."""

    node: str
    there: api.Elsewhere
    state: str
    load_multiplier: float
    # Whether it may go with recordings that nobody else has.
    discard: bool


def join_balancer(data: dict, _digest: str) -> dict:
    """Makes the load balancer know a node that works; new meetings begin there unless it is draining, or held."""
    wanted = parse(data)
    why = "its state is draining" if wanted.state == "draining" else ""
    there = wanted.there
    balancer = choice.kept()
    balancer.ask = lambda: there.call("getMeetings")
    closed = members.join(balancer, wanted.node, there.url, there.secret, wanted.load_multiplier, why)
    if closed:
        report(f"{wanted.node} gets no new meetings: {closed}")
    return {"node": wanted.node, "state": wanted.state, "closed": closed}


def leave_balancer(data: dict, _digest: str) -> dict:
    """Makes it forget a node that is empty, as its own API tells; Failure if it is not, and then all is as it was."""
    wanted, balancer = parse(data), choice.kept()

    def occupied() -> str:
        found, counted = emptiness.people(wanted.there.call, ending=True)
        if found:
            raise emptiness.refusal(wanted.node, found, counted)
        missing = "" if wanted.discard else _missing(balancer, wanted.there)
        if missing:
            raise removal.refusal(wanted.node, missing)
        return ""

    members.leave(balancer, wanted.node, wanted.there.url, occupied)
    return {"node": wanted.node, "state": "absent"}


def _missing(balancer: Balancer, there: api.Elsewhere) -> str:
    """Recordings that the node tells of and the load balancer does not have."""
    if not balancer.takes_recordings:
        return ""
    lacking = balancer.lacks(recordings_of(there))
    records = sorted({record for record, _ in lacking})
    count = f"{len(records)} recording{'' if len(records) == 1 else 's'}"
    return f"{count} that the load balancer does not have ({records[0]} …)" if records else ""


def recordings_of(there: api.Elsewhere) -> list[Format]:
    """The formats of all recordings on a node that are published or unpublished."""
    try:
        listed = there.call("getRecordings", state="published,unpublished").iterfind("recordings/recording")
    except Failure as error:
        raise Failure(
            f"{there.hostname} does not say which recordings it has ({message(error)}): make its API work, in which "
            "`allowFetchAllRecordings` must not be false, then run again; nothing was touched"
        ) from None
    return [
        (each.findtext("recordID") or "", (one.text or "").strip())
        for each in listed
        for one in each.iterfind("playback/format/type")
    ]


def parse(data: dict) -> Membership:
    """The checked request."""
    request.only(data, FIELDS)
    identity(data, "proxyServerId")
    secret = request.field(data, "secret", str)
    progress.hide(secret)
    state = request.field(data, "state", str)
    if state not in ("present", "draining"):
        raise Failure(f"`state` must be present or draining, got `{state}`")
    multiplier = data.get("loadMultiplier")
    if isinstance(multiplier, bool) or not isinstance(multiplier, (int, float)) or multiplier <= 0:
        raise Failure("`loadMultiplier` must be a number above 0")
    there = api.Elsewhere(request.hostname(data, "nodeHostname"), node_address(data), secret)
    return Membership(node_name(data), there, state, multiplier, request.field(data, "discard", bool, False))
