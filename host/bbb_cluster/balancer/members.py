"""
Nodes at the load balancer, as this cluster wants them: closed there while anybody holds them, and never opened when
somebody else has closed them there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

from ..system import clock
from ..system.failure import Failure, message
from ..system.progress import clean, report
from . import membership
from .balancer import Balancer, Refused, Server
from .membership import Membership

CONFIGURATION, HAND, ROLLOUT, DISK = HOLDERS = ("configuration", "hand", "rollout", "disk")
BY_HAND = "cordoned at the load balancer, not by this cluster"
UNKNOWN = "not known at the load balancer"
ON_ITS_WAY = "not enabled at the load balancer yet"


def join(balancer: Balancer, node: str, url: str, secret: str, load_multiplier: float, closed_because: str = "") -> str:
    """
    Makes the balancer know a node that works, and enables it unless it is held, as it is by the configuration with
    `closed_because`; returns why it is closed, such as `cordoned by hand: reason`, or nothing. Can be repeated, which
    tells a hook of it once more.
    """
    with membership.alone(node):
        known = membership.load(node)
        server = balancer.state(url)
        if known is None or known.url != url:
            known = Membership(node, url, known.holders if known else {})
        # Before it is added: what is not there, or not there any more, is ours to open.
        known = _kept(known if server else replace(known, closed=True, doing=""))
        balancer.add(url, secret, load_multiplier)
        wanted = known.without_holder(CONFIGURATION)
        if closed_because:
            wanted = known.with_holder(CONFIGURATION, clock.stamp(), closed_because)
        return _converge(balancer, known, wanted)


def hold(balancer: Balancer, node: str, by: str, reason: str) -> str:
    """
    Closes a node at the balancer for one more reason, and returns all of them; Refused, and as it was, where the
    balancer says no. `by` is one of HOLDERS.
    """
    with membership.alone(node):
        known = _known(node)
        return _converge(balancer, known, known.with_holder(by, clock.stamp(), clean(reason)))


def release(balancer: Balancer, node: str, by: str) -> str:
    """
    Takes one reason away, and opens the node when it was the last; returns why it is still closed, or nothing. A hand
    here is as good as the one that has closed it there.
    """
    with membership.alone(node):
        known = _known(node)
        if by == HAND and _by_hand(known, balancer.state(known.url)):
            known = _kept(replace(known, closed=True, noticed=""))
        return _converge(balancer, known, known.without_holder(by))


def leave(balancer: Balancer, node: str, url: str, obstacle: Callable[[], str], last_too: bool = False) -> None:
    """
    Takes an empty node out: closes it, asks the node itself what is in the way (`2 meetings with 14 people`), removes
    it. Refused, and as it was, when something is; `last_too` for a cluster that goes as a whole. Gone already is fine.
    """
    with membership.alone(node):
        if not balancer.told:
            membership.forget(node)
            return
        known = membership.load(node) or Membership(node, url)
        if not _is_closed(known, balancer.state(url)):
            _close(balancer, known, last_too)
            known = replace(known, closed=True, doing="")
        try:
            balancer.remove(url, obstacle)
        except Failure:
            _put_back(balancer, known)
            raise
        membership.forget(node)


def give_up(balancer: Balancer, node: str, url: str) -> None:
    """Takes out a node that is gone, without asking it: its rooms can start elsewhere. Gone already is fine."""
    with membership.alone(node):
        balancer.give_up(url)
        membership.forget(node)


def since_by_others(balancer: Balancer, node: str) -> str | None:
    """Since when it is known that others have closed a node at the balancer, noted when seen; None: nobody has."""
    with membership.alone(node):
        known = membership.load(node)
        if known is None or not _by_hand(known, balancer.state(known.url)):
            return None
        return known.noticed or _kept(replace(known, noticed=clock.stamp())).noticed


def why_closed(balancer: Balancer, node: str, url: str) -> str:
    """Why a node gets no new meetings, as far as the balancer and this proxy know; nothing when it does."""
    known = membership.load(node)
    server = balancer.state(url)
    if known is None or (server is None and balancer.tells):
        return UNKNOWN
    if _by_hand(known, server):
        return _by_whom(known)
    return known.reasons() or ("" if _is_open(known, server) else ON_ITS_WAY)


def _converge(balancer: Balancer, known: Membership, wanted: Membership) -> str:
    """
    Brings the balancer to what is wanted and notes that; returns why it is closed. A failure leaves the holders as they
    were, and a note of what was begun: what has come of it is not to be taken for somebody else's doing.
    """
    server = balancer.state(known.url)
    if _by_hand(known, server):
        wanted = _kept(replace(wanted, noticed=known.noticed or clock.stamp()))
        report(f"{known.node} is {BY_HAND}: it stays so until it is enabled there")
        return _by_whom(wanted)
    closed = bool(wanted.holders)
    if closed and not _is_closed(known, server):
        _close(balancer, known)
    elif not closed and not _is_open(known, server):
        _step(known, "enable", lambda: balancer.enable(known.url))
    _kept(replace(wanted, closed=closed, doing="", noticed=""))
    return wanted.reasons()


def _close(balancer: Balancer, known: Membership, last_too: bool = False) -> None:
    with membership.counting():
        _step(known, "cordon", lambda: balancer.cordon(known.url, last_too))


def _step(known: Membership, what: str, step: Callable[[], None]) -> None:
    _kept(replace(known, doing=what))
    try:
        step()
    except Refused:
        _kept(known)
        raise


def _put_back(balancer: Balancer, known: Membership) -> None:
    try:
        _converge(balancer, known, known)
    except Failure as error:
        report(f"{known.node} could not be opened again: {message(error)}")


def _is_open(known: Membership, server: Server | None) -> bool:
    return server.state == "enabled" if server else not known.closed and not known.doing


def _is_closed(known: Membership, server: Server | None) -> bool:
    return server.state != "enabled" if server else known.closed and not known.doing


def _by_hand(known: Membership, server: Server | None) -> bool:
    return server is not None and server.state != "enabled" and not known.closed and not known.doing


def _by_whom(known: Membership) -> str:
    since = f" (seen first at {known.noticed})" if known.noticed else ""
    return "; ".join([BY_HAND + since, *filter(None, [known.reasons()])])


def _kept(known: Membership) -> Membership:
    membership.keep(known)
    return known


def _known(node: str) -> Membership:
    known = membership.load(node)
    if known is None:
        raise Failure(f"{node} is not known at the load balancer: `pulumi up` adds it, as soon as its route works")
    return known
