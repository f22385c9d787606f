"""On a proxy: keeps nodes closed at the load balancer, or lets them be opened again, and tells why they are closed."""

from __future__ import annotations

from ..balancer import choice, members, membership
from ..bigbluebutton.route import node_name
from ..system import request
from ..system.failure import Failure


def hold(data: dict, _digest: str) -> dict:
    """For {node, by, reason}: no new meetings on a node."""
    request.only(data, ("node", "by", "reason"))
    node, reason = node_name(data), request.field(data, "reason", str, "")
    return _answer(node, members.hold(choice.kept(), node, _holder(data), reason))


def release(data: dict, _digest: str) -> dict:
    """For {node, by}: as far as this one is concerned, meetings again."""
    request.only(data, ("node", "by"))
    node = node_name(data)
    return _answer(node, members.release(choice.kept(), node, _holder(data)))


def _answer(node: str, closed: str) -> dict:
    known = membership.load(node)
    return {"node": node, "closed": closed, "holders": known.holders if known else {}}


def list_members(data: dict, _digest: str) -> dict:
    """
    By node its URL, who holds it, since when somebody else has closed it at the load balancer, and why it gets no new
    meetings, which is empty when it does; changes nothing but the note of when that was seen first.
    """
    request.only(data, ())
    balancer = choice.kept()
    known = [member for member in map(membership.load, membership.nodes()) if member]
    return {
        "members": {
            one.node: {
                "url": one.url,
                "holders": one.holders,
                "byOthersSince": members.since_by_others(balancer, one.node),
                "closed": members.why_closed(balancer, one.node, one.url),
            }
            for one in known
        }
    }


def _holder(data: dict) -> str:
    by = request.field(data, "by", str)
    if by not in members.HOLDERS:
        raise Failure(f"`by` must be one of {', '.join(members.HOLDERS)}, got `{by}`")
    return by
