"""
Why this node takes no new meetings while running ones go on: somebody's hand, the configuration, a rollout, or a piece
of work that is being done here. It is open when none of them is left.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from ..system import clock, files, lock, paths, processes, units
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import clean, report
from . import closed_site

RECORDS = f"{paths.STATE}/cordons.json"
# It is there on a node whose meetings are given out by a load balancer.
BALANCED = f"{paths.STATE}/balanced"
# Held by whoever works here: it is free as soon as that process is gone, whatever ended it.
WORK = f"{paths.STATE}/work.lock"
UNIT = "bbb-cluster-cordon.service"
SOCKET = "/run/bbb-cluster/cordon/socket"
DEFINITION = f"/etc/systemd/system/{UNIT}"
TEXT = """\
[Unit]
Description=Decides which meetings may still begin on this node
After=network.target

[Service]
ExecStart=/usr/local/sbin/bbb-cluster respond
StandardInput=null
Restart=always
RestartSec=1
SuccessExitStatus=143

[Install]
WantedBy=multi-user.target
"""
BY = ("hand", "configuration", "rollout", "disk")


def holders() -> dict[str, dict[str, str]]:
    """Who keeps this node closed: `since` (ISO 8601, UTC) and `reason` of each. A piece of work is not among them."""
    return {by: entry for by, entry in files.read_json(RECORDS).items() if by in BY and isinstance(entry, dict)}


def is_closed() -> bool:
    """Whether new meetings are refused here: a load balancer takes the least busy node, whatever that answers."""
    return _is_held_here() or _is_worked_on()


def is_given_meetings() -> bool:
    """Whether a load balancer gives out meetings on this node, which nobody has closed there."""
    return files.exists(BALANCED) and not holders() and not _is_worked_on()


def set_balanced(balanced: bool) -> None:
    """Whether this node is closed at a load balancer, and not here."""
    if balanced == files.exists(BALANCED):
        return
    with _changing():
        files.write(Change(BALANCED, b"" if balanced else None))
        _settle_quietly()


def _is_held_here() -> bool:
    return bool(holders()) and not files.exists(BALANCED)


def _is_worked_on() -> bool:
    return files.exists(WORK) and not lock.is_free(WORK)


def hold(by: str, reason: str) -> None:
    """Closes the node until `release`, also over a reboot; Failure when that cannot be: nothing has changed then."""
    with _changing():
        before = holders()
        since = before.get(by, {}).get("since") or clock.stamp()
        _note({**before, by: {"since": since, "reason": clean(reason)}})
        try:
            _close()
        except Failure:
            _note(before)
            _settle_quietly()
            raise


def release(by: str) -> None:
    """Lets go; the node opens if nobody else holds it."""
    with _changing():
        _note({name: entry for name, entry in holders().items() if name != by})
        _settle()


@contextlib.contextmanager
def closed_for_work() -> Iterator[None]:
    """Closed inside `with`, and afterwards as the holders want it; Failure when it cannot be closed."""
    try:
        with lock.shared(WORK):
            with _changing():
                _close()
            yield
    finally:
        settle()


def settle() -> None:
    """Brings nginx in line with who holds; also clears up after a run that was killed."""
    with _changing():
        _settle_quietly()


def is_in_force() -> bool:
    """Whether nginx and the responder are as the holders want them."""
    return is_closed() == files.exists(closed_site.CONF) and (not is_closed() or units.is_up(UNIT))


def _changing() -> contextlib.AbstractContextManager[None]:
    return lock.alone(f"{RECORDS}.lock")


def _note(entries: dict) -> None:
    if entries:
        files.ensure(RECORDS, json.dumps(entries, sort_keys=True).encode("ascii"), 0o600)
    elif files.exists(RECORDS):
        files.write(Change(RECORDS, None))


def _close() -> None:
    try:
        _settle()
    except (Failure, OSError) as error:
        raise Failure(f"this node cannot be closed to new meetings: {message(error)}") from None


def _settle() -> None:
    if is_closed():
        _start()
        closed_site.write(SOCKET)
        closed_site.prove()
    else:
        closed_site.remove()
        _stop()


def _settle_quietly() -> None:
    try:
        _settle()
    except (Failure, OSError) as error:
        report(f"{closed_site.CONF} is not as it should be: {message(error)}")


def _start() -> None:
    if files.ensure(DEFINITION, TEXT.encode("ascii")):
        units.reload_definitions()
    if _is_held_here():
        processes.run_checked(["systemctl", "enable", "--quiet", UNIT], f"{UNIT} cannot be enabled")
    processes.run_checked(["systemctl", "start", UNIT], f"{UNIT} does not start")


def _stop() -> None:
    if not files.exists(DEFINITION):
        return
    processes.run_checked(["systemctl", "disable", "--quiet", "--now", UNIT], f"{UNIT} does not stop")
    files.write(Change(DEFINITION, None))
    units.reload_definitions()
