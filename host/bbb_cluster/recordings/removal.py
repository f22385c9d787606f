"""What of its recordings keeps a node from being removed."""

from __future__ import annotations

from dataclasses import dataclass

from ..bigbluebutton import unfinished
from ..bigbluebutton.unfinished import RAW
from ..system.failure import Failure
from . import hand_over
from .destination import ELSEWHERE, Destination
from .held import FOLDER, PUBLISHED


@dataclass(frozen=True)
class Waiting:
    """
    How many recordings are on their way to where they are wanted, what is to be said of all that this node alone has,
    what somebody has to see to, and since when handing them over fails.
    """

    count: int
    text: str
    findings: list[str]
    failing_since: str | None


def waiting(wanted: Destination) -> Waiting:
    """Everything that would be lost with this node, as far as the node itself can tell."""
    left = unfinished.unfinished()
    held = [] if wanted.kind == ELSEWHERE else hand_over.waiting(wanted)
    hidden = {one.record for one in held if one.state != PUBLISHED}
    shown = {one.record for one in held} - hidden
    alone = "not handed over" if wanted.hands_over else "on this node alone"
    kinds = [
        (left.in_work, "in work", RAW),
        (left.stuck, "on which nobody works", RAW),
        (left.not_begun, "not begun", ""),
        (shown, alone, f"{FOLDER}/{PUBLISHED}"),
        (hidden, f"{alone}, unpublished", f"{FOLDER}/unpublished"),
    ]
    said = [f"{len(ids)} {what}{f' ({where})' if where else ''}" for ids, what, where in kinds if ids]
    total = len(set().union(*(ids for ids, _, _ in kinds)))
    text = f"{total} recording{'' if total == 1 else 's'}: {', '.join(said)}" if total else ""
    taken = kinds if wanted.hands_over else kinds[:3]
    notes = hand_over.failing(wanted, held)
    reasons = {str(note["why"]) for note in notes if note.get("why")}
    # In this form the first in time is the first of the texts.
    since = min((str(note["since"]) for note in notes if "since" in note), default=None)
    count = len(set().union(*(ids for ids, _, _ in taken)))
    closed = _unpublished(hidden) if wanted.hands_over else []
    return Waiting(count, text, [*left.findings(), *closed, *sorted(reasons)], since)


def _unpublished(hidden: set[str]) -> list[str]:
    """What somebody has to see to, with the cure: a load balancer may show to everybody what it gets."""
    if not hidden:
        return []
    first = min(hidden)
    return [
        f"{first} is unpublished here, and handing it over might publish it: publish it by this node's API "
        f"(`publishRecordings`), or copy {FOLDER}/unpublished/*/{first} away, then `bbb-record --delete {first}`"
    ]


def obstacle(wanted: Destination, found: Waiting | None = None) -> str:
    """What keeps this node from being removed; nothing where its recordings may be lost."""
    return "" if wanted.discard else (found or waiting(wanted)).text


def refusal(node: str, found: str) -> Failure:
    """Why a node is not removed that has recordings."""
    return Failure(
        f"{node} has {found}; nothing of it was touched. `npm run leave -- {node}` removes it when others have them; "
        "if they may be lost with it: set `discardRecordings` to true, then `pulumi up`, then again"
    )
