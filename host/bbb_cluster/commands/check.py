"""Tries whether people can meet, through what this machine is asked for: every five minutes, by systemd."""

from __future__ import annotations

import json

from ..balancer import choice
from ..bigbluebutton import api, cordons
from ..bigbluebutton.api import Elsewhere
from ..monitoring import settings
from ..system import clock, files
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.metric import Metric
from ..trial import trial
from ..trial.trial import Outcome

NAME = "check"
KEPT = f"{settings.FOLDER}/check.json"


def check(_data: dict, _digest: str) -> dict:
    """Holds one short, unrecorded meeting; a Failure says at which step that ended. Closed nodes are left out."""
    wanted = settings.load().check
    if not wanted:
        return {"checked": None}
    if wanted.through == "node" and (cordons.holders() or cordons.is_closed()):
        files.ensure(KEPT, b"{}")
        return {"checked": None}
    # Until it has ended otherwise: a check that is stopped, or that hangs, is none that people could meet by.
    outcome = Outcome(failed="unfinished", why="it was stopped before its end")
    try:
        outcome = _try(wanted)
    finally:
        said = {"through": wanted.through, "at": clock.wall(), **vars(outcome)}
        files.ensure(KEPT, json.dumps(said).encode("ascii"))
    if outcome.failed:
        raise Failure(
            f"people cannot meet through this {'node' if wanted.through == 'node' else 'load balancer'} "
            f"({outcome.failed}): {outcome.why}"
        )
    if outcome.relay:
        raise Failure(f"who can reach nothing but port 443 is neither heard nor hears: {outcome.relay}")
    return {"checked": wanted.through, "seconds": round(sum(outcome.steps.values()), 2)}


def forget() -> None:
    """As if there had been none."""
    files.write(Change(KEPT, None))


def metrics(wanted: settings.Check | None) -> list[Metric]:
    """That there should be one, and of the last one."""
    if not wanted:
        return []
    through = {"through": wanted.through}
    found = [Metric("bbb_cluster_check_wanted", 1, through)]
    said = files.read_json(KEPT)
    if said.get("through") != wanted.through:
        return found
    found += [
        Metric("bbb_cluster_check_success", float(not said["failed"]), through),
        Metric("bbb_cluster_check_timestamp_seconds", said["at"], through),
    ]
    if said.get("relay") is not None:
        found.append(Metric("bbb_cluster_check_relay", float(not said["relay"]), through))
    if said["failed"]:
        found.append(Metric("bbb_cluster_check_failed_step", 1, {**through, "step": said["failed"]}))
    steps = said["steps"].items()
    return found + [Metric("bbb_cluster_check_step", seconds, {**through, "step": step}) for step, seconds in steps]


def _try(wanted: settings.Check) -> Outcome:
    try:
        asked = _asked(wanted)
    except Failure as error:
        return Outcome(failed="secret", why=message(error))
    return trial.hold(asked, wanted.page)


def _asked(wanted: settings.Check) -> Elsewhere:
    """The API with its secret, which is on this machine already."""
    host = wanted.url[len("https://") :]
    secret = api.credentials().secret if wanted.through == "node" else choice.frontend_secret(wanted.tenant)
    return Elsewhere(host, None, secret)
