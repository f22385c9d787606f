"""Hands recordings over, one by one and for as long as it takes: with BBBLB none is done before it was seen there."""

from __future__ import annotations

from ..bigbluebutton import recordings
from ..system import files, lock, paths
from ..system.failure import Failure, message
from ..system.progress import report
from ..system.waiting import wait_while
from . import destination, marks, spool
from .bbblb_api import Away, Bbblb
from .destination import BBBLB, Destination
from .held import PUBLISHED, Held, all_held

LOCK = f"{paths.STATE}/hand-over.lock"
# A small recording is there at once; for a larger one the next run looks again.
SEEN_SECONDS = 10


def run() -> list[str]:
    """Hands over what is complete; the names of those that were seen at their destination now."""
    wanted = destination.kept()
    if not wanted.hands_over:
        return []
    with lock.alone(LOCK):
        spool.clear()
        if wanted.kind == BBBLB and marks.seen_in(Bbblb(wanted.host).database()):
            report(f"the load balancer at {wanted.host} was restored: it is asked for all recordings again")
        held = all_held()
        marks.forget_others({one.name for one in held})
        return _hand_over(waiting(wanted, held), wanted)


def waiting(wanted: Destination, held: list[Held] | None = None) -> list[Held]:
    """What lies here and was not seen at the destination."""
    found = all_held() if held is None else held
    return [one for one in found if not wanted.hands_over or not marks.is_handed_over(one, wanted.name)]


def failing(wanted: Destination, left: list[Held]) -> list[dict]:
    """The notes of what waits and is handed over by this node, as far as it was tried."""
    notes = marks.tried(wanted.name) if wanted.hands_over else {}
    return [notes[one.name] for one in left if one.state == PUBLISHED and one.name in notes]


def _hand_over(left: list[Held], wanted: Destination) -> list[str]:
    there = Bbblb(wanted.host) if wanted.kind == BBBLB else spool.Spool(wanted)
    done = []
    for one in left:
        # What others do with it after it was published would be disturbed, or come too late.
        if one.state != PUBLISHED or one.record in recordings.being_done() or not one.is_complete():
            continue
        try:
            if _is_there(there, one, wanted.name):
                marks.hand_over(one, wanted.name)
                report(f"handed over to {wanted.name}: {one.name}")
                done.append(one.name)
        except Failure as error:
            if marks.failed(one, wanted.name, message(error)):
                report(message(error))
            if isinstance(error, Away):
                break
    return done


def _is_there(there: Bbblb | spool.Spool, one: Held, to: str) -> bool:
    """Whether it was imported; uploads it before, unless it is on its way."""
    if there.has(one):
        return True
    if isinstance(there, Bbblb) and "<bbblb-tenant>" not in files.text(f"{one.folder}/metadata.xml"):
        raise Failure(
            f"the recording {one.record} is of a meeting that was not created through BBBLB, which does not take it: "
            f"keep it elsewhere, then `bbb-record --delete {one.record}`"
        )
    if marks.is_on_its_way(one, to):
        return False
    if there.upload(one):
        return True
    marks.uploaded(one, to)
    return not wait_while(lambda: "" if there.has(one) else "not there", SEEN_SECONDS, 1)
