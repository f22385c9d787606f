"""What this proxy has done with a node at the load balancer, and who wants it closed there: kept by node."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..system import files, lock, paths
from ..system.files import Change

FOLDER = f"{paths.STATE}/members"


@dataclass(frozen=True)
class Membership:
    """
    `holders` is who keeps the node closed, with since (ISO, UTC) and reason. `closed` says that we closed it at the
    balancer, `doing` what was begun there and has not been seen to end, `noticed` since when we know that somebody else
    has closed it.
    """

    node: str
    url: str
    holders: dict[str, dict[str, str]] = field(default_factory=dict)
    closed: bool = False
    doing: str = ""
    noticed: str = ""

    def with_holder(self, by: str, since: str, reason: str) -> Membership:
        """The same, closed by one more; who holds it already gives another reason, since when stays."""
        since = self.holders.get(by, {}).get("since", since)
        return replace(self, holders={**self.holders, by: {"since": since, "reason": reason}})

    def without_holder(self, by: str) -> Membership:
        """The same, as far as this one is concerned to be opened."""
        return replace(self, holders={name: why for name, why in self.holders.items() if name != by})

    def reasons(self) -> str:
        """`cordoned by hand since 2026-11-24T10:00:00Z: new disk`, each; nothing when nobody holds it."""
        each = [f"cordoned by {by} since {why.get('since')}: {why.get('reason')}" for by, why in self.holders.items()]
        return "; ".join(sorted(each))


def path_of(node: str) -> str:
    """The record of a node."""
    return f"{FOLDER}/{node}.json"


def load(node: str) -> Membership | None:
    """What is known of a node; None: we have not told the balancer of it."""
    return read(node, files.read_json(path_of(node)))


def read(node: str, data: dict) -> Membership | None:
    """The record of a node, of what is in its file."""
    if not isinstance(data.get("url"), str):
        return None
    held = data.get("holders")
    holders = {by: dict(why) for by, why in held.items() if isinstance(why, dict)} if isinstance(held, dict) else {}
    doing, noticed = (str(data.get(name) or "") for name in ("doing", "noticed"))
    return Membership(node, data["url"], holders, data.get("closed") is True, doing, noticed)


def keep(known: Membership) -> None:
    """Writes it down."""
    content = {name: value for name, value in vars(known).items() if name != "node"}
    files.ensure(path_of(known.node), json.dumps(content, sort_keys=True).encode("ascii"), 0o600)


def forget(node: str) -> None:
    """Takes the record away."""
    files.write(Change(path_of(node), None))


def nodes() -> list[str]:
    """All that there are records of."""
    return [path.rpartition("/")[2][: -len(".json")] for path in files.matching(f"{FOLDER}/*.json")]


@contextlib.contextmanager
def alone(node: str) -> Iterator[None]:
    """While nobody else on this proxy changes the node at the balancer."""
    with lock.alone(f"{FOLDER}/{node}.lock"):
        yield


@contextlib.contextmanager
def counting() -> Iterator[None]:
    """While nobody else on this proxy cordons: of two at the same time each would take the other for one that stays."""
    with lock.alone(f"{FOLDER}/cordon.lock"):
        yield
