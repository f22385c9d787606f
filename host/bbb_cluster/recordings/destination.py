"""Where the recordings of this node go, kept here for the timer that hands them over."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..system import files, paths, request
from ..system.failure import Failure

KEPT = f"{paths.STATE}/recordings.json"
# Nobody takes them; BBBLB does, from us; or others see to it, and whoever tells the load balancer of nodes asks there.
KINDS = NONE, BBBLB, ELSEWHERE = "none", "bbblb", "elsewhere"


@dataclass(frozen=True)
class Destination:
    """Who takes recordings: with `bbblb` its host name."""

    kind: str = NONE
    host: str = ""
    # Whether a node may go with recordings that nobody else has.
    discard: bool = False


def parse(data: dict) -> Destination:
    """The request's `recordings`: {kind: none | elsewhere} or {kind: bbblb, host}, and `discard`."""
    given = request.field(data, "recordings", dict, {"kind": NONE})
    kind, discard = request.field(given, "kind", str), request.field(given, "discard", bool, False)
    if kind not in KINDS:
        raise Failure(f"`recordings` must be of one of the kinds {', '.join(KINDS)}, got `{kind}`")
    request.only(given, ("kind", "discard", *(["host"] if kind == BBBLB else [])), "`recordings`")
    return Destination(kind, request.hostname(given, "host") if kind == BBBLB else "", discard)


def keep(wanted: Destination) -> None:
    """For the timer and for those who ask."""
    files.ensure(KEPT, json.dumps(vars(wanted), sort_keys=True).encode("ascii"), 0o600)


def kept() -> Destination:
    """What was kept last."""
    known = files.read_json(KEPT)
    return Destination(**{name: known[name] for name in ("kind", "host", "discard") if name in known})
