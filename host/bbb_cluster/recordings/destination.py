"""Where the recordings of this node go, kept here for the timer that hands them over."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..system import files, paths, progress, request
from ..system.failure import Failure
from ..system.files import Change

KEPT = f"{paths.STATE}/recordings.json"
KEY = f"{paths.STATE}/spool-key"
# Nobody takes them; BBBLB does, from us; Scalelite's spool does; or others see to it. In the last two cases whoever
# tells the load balancer of nodes asks there.
KINDS = NONE, BBBLB, SPOOL, ELSEWHERE = "none", "bbblb", "spool", "elsewhere"
_SPOOL = ("host", "user", "directory", "hostKey", "port", "key")


@dataclass(frozen=True)
class Destination:
    """Who takes recordings: with `bbblb` its host name, with `spool` where that is, and by which key it is known."""

    kind: str = NONE
    host: str = ""
    # Whether a node may go with recordings that nobody else has.
    discard: bool = False
    user: str = ""
    directory: str = ""
    host_key: str = ""
    port: int = 22

    @property
    def hands_over(self) -> bool:
        """Whether this node itself has something to do."""
        return self.kind in (BBBLB, SPOOL)

    @property
    def name(self) -> str:
        """By which what was handed over is noted."""
        return f"{self.user}@{self.host}:{self.directory}" if self.kind == SPOOL else self.host


def parse(data: dict) -> Destination:
    """
    The request's `recordings`: {kind: none | elsewhere}, {kind: bbblb, host} or {kind: spool, host, user, directory,
    hostKey, port, key}, and `discard`.
    """
    given = request.field(data, "recordings", dict, {"kind": NONE})
    kind, discard = request.field(given, "kind", str), request.field(given, "discard", bool, False)
    if kind not in KINDS:
        raise Failure(f"`recordings` must be of one of the kinds {', '.join(KINDS)}, got `{kind}`")
    known = {BBBLB: ("host",), SPOOL: _SPOOL}.get(kind, ())
    request.only(given, ("kind", "discard", *known), "`recordings`")
    host = request.hostname(given, "host") if known else ""
    if kind != SPOOL:
        return Destination(kind, host, discard)
    progress.hide(request.field(given, "key", str))
    user, directory, host_key = (request.field(given, name, str) for name in ("user", "directory", "hostKey"))
    return Destination(kind, host, discard, user, directory, host_key, request.field(given, "port", int, 22))


def keep(wanted: Destination, key: str = "") -> None:
    """For the timer and for those who ask; the key readable by root alone."""
    files.ensure(KEPT, json.dumps(vars(wanted), sort_keys=True).encode("ascii"), 0o600)
    if key:
        files.ensure(KEY, key.encode("ascii"), 0o600)
    elif files.exists(KEY):
        files.write(Change(KEY, None))


def kept() -> Destination:
    """What was kept last."""
    known = files.read_json(KEPT)
    return Destination(**{name: value for name, value in known.items() if name in Destination.__dataclass_fields__})
