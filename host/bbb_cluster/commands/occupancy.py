"""Tells who is on this node, why it takes no new meetings, and what waits for it to be empty; changes nothing."""

from __future__ import annotations

from ..bigbluebutton import cordons, emptiness, pending
from ..recordings import destination, removal
from ..system import progress


def occupancy(_data: dict, _digest: str) -> dict:
    """
    `obstacle` says what keeps the node from being empty, `recordings` what keeps it besides from being removed; numbers
    are null when BigBlueButton does not tell them.
    """
    obstacle, found = emptiness.look()
    wanted = destination.kept()
    waiting = removal.waiting(wanted)
    return {
        "empty": not obstacle,
        "obstacle": progress.clean(obstacle),
        "meetings": None if found is None else len(found),
        "people": None if found is None else sum(meeting.people for meeting in found),
        "cordons": cordons.holders(),
        "pending": pending.summary(),
        "recordings": {
            "waiting": waiting.count,
            "obstacle": progress.clean(removal.obstacle(wanted, waiting)),
            "findings": [progress.clean(finding) for finding in waiting.findings],
        },
    }
