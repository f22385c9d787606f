"""Keeps which load balancer the cluster has, with its secret, for the commands that tell it of nodes."""

from __future__ import annotations

from ..balancer import choice, disks, members, membership
from ..bigbluebutton import api
from ..bigbluebutton.route import identity, node_name
from ..system import request
from ..system.progress import report

# What is asked of this proxy besides.
OURS = ("abandoned", "proxyServerId")


def keep_balancer(data: dict, _digest: str) -> dict:
    """
    Keeps it, and has it forget `abandoned` nodes with their meetings. As with other secrets, the request's SHA-256 is
    neither noted nor answered.
    """
    wanted, abandoned = parse(data)
    changed = choice.keep(wanted)
    if changed:
        report("keeping the load balancer for the next step")
    balancer = choice.kept()
    for node, url in abandoned:
        if balancer.tells or membership.load(node):
            members.give_up(balancer, node, url)
    disks.watch(balancer)
    return {"kind": wanted["kind"], "changed": changed}


def forget_balancer(_data: dict, _digest: str) -> dict:
    """The cluster goes as a whole: its nodes are forgotten at the load balancer with their meetings."""
    known = [member for member in map(membership.load, membership.nodes()) if member]
    for one in known:
        members.give_up(choice.kept(), one.node, one.url)
    choice.forget()
    disks.forget()
    return {"forgotten": [one.node for one in known]}


def parse(data: dict) -> tuple[dict, list[tuple[str, str]]]:
    """The checked request: what is kept of it, and by name the API's URLs of abandoned nodes."""
    identity(data, "proxyServerId")
    abandoned = [_abandoned(entry) for entry in request.field(data, "abandoned", list)]
    wanted = {name: value for name, value in data.items() if name not in OURS}
    choice.parse(wanted)
    return wanted, abandoned


def _abandoned(entry: dict) -> tuple[str, str]:
    request.only(entry, ("node", "nodeHostname"), "`abandoned`")
    return node_name(entry), api.url_of(request.hostname(entry, "nodeHostname"))
