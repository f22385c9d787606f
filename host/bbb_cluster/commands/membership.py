"""On a proxy: a node's place at the load balancer, which it gets last of all and gives up first, if it is empty."""

from __future__ import annotations

from dataclasses import dataclass

from ..balancer import choice, members
from ..bigbluebutton import api, emptiness
from ..bigbluebutton.route import identity, node_address, node_name
from ..system import progress, request
from ..system.failure import Failure
from ..system.progress import report

FIELDS = ("node", "nodeHostname", "nodeAddress", "secret", "loadMultiplier", "state", "proxyServerId")


@dataclass(frozen=True)
class Membership:
    """A node, how its API is asked, and what the load balancer is to think of it."""

    node: str
    there: api.Elsewhere
    state: str
    load_multiplier: float


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
    wanted = parse(data)

    def occupied() -> str:
        found, _ = emptiness.people(wanted.there.call, ending=True)
        if found:
            raise emptiness.refusal(wanted.node, found)
        return ""

    members.leave(choice.kept(), wanted.node, wanted.there.url, occupied)
    return {"node": wanted.node, "state": "absent"}


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
    return Membership(node_name(data), there, state, multiplier)
