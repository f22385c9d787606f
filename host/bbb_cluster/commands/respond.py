"""Answers nginx, which asks about each `create` while this node takes no new meetings; until it is stopped."""

from __future__ import annotations

from ..bigbluebutton import closed_site, cordons
from ..bigbluebutton.admission import Admission
from ..bigbluebutton.responder import Responder
from ..system import paths


def respond(_data: dict, _digest: str) -> dict:
    """Runs as a unit of systemd; where it does not, nginx lets everything through."""
    with Responder(paths.on_host(cordons.SOCKET), closed_site.PASSING, Admission().may_begin) as responder:
        responder.serve_forever()
    return {}
