"""A node's place in service: whether it takes new meetings by the configuration, and whether it may go."""

from __future__ import annotations

from ..bigbluebutton import cordons, disk, emptiness
from ..recordings import destination, removal, units
from ..recordings.destination import Destination
from ..system import request
from ..system.failure import Failure
from ..system.progress import report

BY = "configuration"
FIELDS = ("node", "state", "balanced", "recordings")


def parse(data: dict) -> tuple[str, str]:
    """The checked request: the node's name, and its state."""
    request.only(data, FIELDS)
    state = request.field(data, "state", str)
    if state not in ("present", "draining"):
        raise Failure(f"`state` must be present or draining, got `{state}`")
    return request.field(data, "node", str), state


def enter_service(data: dict, digest: str) -> dict:
    """
    Present: takes new meetings, if nobody else holds it closed; draining: takes none, running ones go on. A `balanced`
    node refuses nobody: it is closed where its meetings are given out.
    """
    node, state = parse(data)
    wanted = destination.parse(data)
    destination.keep(wanted, request.field(data, "recordings", dict, {}).get("key") or "")
    units.put_in_place(wanted)
    cordons.set_balanced(request.field(data, "balanced", bool, False))
    disk.watch()
    disk.look()
    if state == "draining":
        cordons.hold(BY, "its state is draining")
        left = emptiness.obstacle() or removal.obstacle(wanted) or "nobody"
        report(f"{node} takes no new meetings; on it: {left}")
    else:
        cordons.release(BY)
    for by, entry in cordons.holders().items():
        if by != BY:
            report(f"{node} is cordoned by {by} since {entry.get('since')}: {entry.get('reason')}")
    return {"request": digest, "state": state}


def leave_service(data: dict, _digest: str) -> dict:
    """
    Closes the node for good if it is empty, and nothing of its recordings would be lost; Failure if that is not so, and
    then it is as it was before.
    """
    node, _ = parse(data)
    wanted = destination.parse(data)
    before = cordons.holders().get(BY)
    cordons.hold(BY, "it is being removed")
    try:
        _refuse_if_occupied(node, wanted)
    except Failure:
        if before:
            cordons.hold(BY, str(before.get("reason")))
        else:
            cordons.release(BY)
        raise
    return {"state": "absent"}


def _refuse_if_occupied(node: str, wanted: Destination) -> None:
    # Recordings in work are among all that would be lost with the node.
    obstacle, found = emptiness.look(ending=True, recordings=False)
    if obstacle:
        raise emptiness.refusal(node, obstacle, found)
    left = removal.obstacle(wanted)
    if left:
        raise removal.refusal(node, left)
