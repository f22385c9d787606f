"""
Security updates: at once what disturbs nobody; what does, in the maintenance window, on a node when it is empty. Then
comes a change, too, that was kept for that.
"""

from __future__ import annotations

import json
import signal
from typing import Callable

from ..bigbluebutton import api, cordons, emptiness, installer, pending
from ..bigbluebutton.services import Services
from ..system import apt, clock, curl, files, nginx, processes, request, units
from ..system.failure import Failure, message
from ..system.lock import Lock
from ..system.progress import report
from ..system.units import EVERYTHING
from ..system.waiting import wait_while
from ..updates import due, packages, schedule
from ..updates.due import can_restart
from ..updates.schedule import Maintenance
from .configure_node import carry_out

NAME = "maintain"
POLL_SECONDS = 60
PEER_SECONDS = 2
REPORT_EVERY_SECONDS = 600


def maintain(data: dict, _digest: str) -> dict:
    """Applies security updates; with `now` as if the window were open, but without waiting."""
    request.only(data, ("now",))
    now = request.field(data, "now", bool, False)
    wanted = schedule.load()
    before = due.last()
    failure, left = "it was stopped before its end", before["left"] if before else ""
    try:
        stale = _apply_what_disturbs_nobody(wanted)
        left = _do_the_rest(wanted, now)
        if stale:
            raise Failure(stale)
        failure = None
    except (Failure, OSError) as error:
        failure = message(error)
        raise
    finally:
        at = clock.stamp()
        files.ensure(due.LAST, json.dumps({"at": at, "failure": failure, "left": left}).encode("ascii"))
    return {"left": left, **vars(due.due(wanted.machine == schedule.NODE))}


def _apply_what_disturbs_nobody(wanted: Maintenance) -> str:
    """Why not all that there is was known, if so: one source that is broken keeps nobody else's updates away."""
    with Lock(NAME):
        if installer.state() == "running":
            raise Failure("BigBlueButton is being installed here (unit bbb-install): nothing was done")
        apt.wait_until_idle()
        stale = packages.refresh()
        if stale:
            report(stale)
        packages.apply_unattended(keep_running=wanted.machine == schedule.NODE)
        return stale


def _do_the_rest(wanted: Maintenance, now: bool) -> str:
    """Why something is left to be done; empty: nothing is."""
    on_node = wanted.machine == schedule.NODE
    found = due.due(on_node)
    if not found.held and not found.old and found.reboot is None and not pending.load():
        return ""
    # What came before may have taken long, and minutes are not those of the clock when that is put back or forward.
    minutes = 0 if now else wanted.minutes_left()

    def late() -> str:
        return "" if now or wanted.minutes_left() else "the maintenance window is not open"

    closed = late()
    if closed:
        return _left(closed)
    return _when_empty(minutes, late) if on_node else _when_others_serve(wanted.peers, minutes, late)


def _left(why: str) -> str:
    report(f"changes, held packages, restarts and reboots are left for later: {why}")
    return why


def _when_others_serve(peers: tuple[str, ...], minutes: int, late: Callable[[], str]) -> str:
    """Of several proxies none stops while it is the only one that works; the only one there is has no choice."""

    def alone() -> str:
        serve = not peers or any(curl.get(url, seconds=PEER_SECONDS).status == 200 for url in peers)
        return "" if serve else "no other proxy serves"

    found = wait_while(alone, minutes * 60, POLL_SECONDS, lambda found: found, REPORT_EVERY_SECONDS) or late()
    if found:
        return _left(found)
    with Lock(NAME):
        if not _reboot(due.due(on_node=False)):
            nginx.check()
            _restart_old()
    return ""


def _when_empty(minutes: int, late: Callable[[], str]) -> str:
    """Waits for the node to become empty; it is closed to new meetings for the work alone."""
    deadline = clock.now() + minutes * 60
    while True:
        seconds = max(0, deadline - clock.now())
        waiting = wait_while(emptiness.obstacle, seconds, POLL_SECONDS, lambda found: found, REPORT_EVERY_SECONDS)
        found = waiting or late() or _carry_out_what_was_kept() or _close_and_work()
        if not found or clock.now() >= deadline or late():
            return _left(found) if found else ""
        clock.sleep(POLL_SECONDS)


def _carry_out_what_was_kept() -> str:
    """Who was quicker with a meeting, if somebody was."""
    kept = pending.load()
    if kept:
        with cordons.closed_for_work():
            carry_out(kept["request"], kept["digest"])
    still = pending.summary()
    return f"{', '.join(still['what'])} waits" if still else ""


def _close_and_work() -> str:
    """Does what is due; who was quicker with a meeting, if somebody was."""
    with Lock(NAME), cordons.closed_for_work():
        found = emptiness.obstacle(ending=True)
        if not found:
            _work_on_node()
            emptiness.note_start()
        return found


def _work_on_node() -> None:
    failure = None
    try:
        packages.upgrade_held()
    except Failure as error:
        # Whatever is upgraded has to run before anybody hears of the rest.
        failure = error
    if failure or not _reboot(due.due(on_node=True)):
        Services().activate([EVERYTHING])
        _restart_old()
        api.wait_until_it_answers()
    if failure:
        raise failure


def _reboot(found: due.Due) -> bool:
    if found.reboot is None:
        return False
    report(f"rebooting for {', '.join(found.reboot) or 'updates'}")
    # It ends this process, too, which has yet to note that all is done.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    processes.run_checked(["systemctl", "reboot"], "this machine cannot be rebooted")
    return True


def _restart_old() -> None:
    """Restarts what still runs on old libraries; what cannot be restarted is a reason to reboot."""
    for unit in due.old_units():
        if can_restart(unit):
            units.restart(unit)
