# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a meeting counts on a node: more on a small one, so that a larger one gets its share."""

import contextlib
import contextvars
import json
import os

from bbblb import model
from bbblb.services.poller import MeetingPoller

from .wrapping import around

# By domain of a node: what the load of a meeting there is multiplied with.
LOADS = os.environ.get("GUARD_LOADS", "/var/lib/bbblb/loads.json")
_FACTOR = contextvars.ContextVar("factor", default=1.0)


def factor_of(domain):
    """What the load of meetings on a node counts; more than 1 for a small one."""
    try:
        with open(LOADS, encoding="utf-8") as file:
            return float(json.load(file).get(domain, 1))
    except (OSError, ValueError, AttributeError, TypeError):
        return 1.0


@around(model.Server, "increment_load_stmt")
def _increment_load(original, self, load):
    return original(self, load * factor_of(self.domain))


@contextlib.contextmanager
def weighed(domain):
    """
    What a poll of this node counts has its weight as it is written: weighed afterwards, it would be together with what
    a meeting that began in between has added, which has it already.
    """
    token = _FACTOR.set(factor_of(domain))
    try:
        yield
    finally:
        _FACTOR.reset(token)


@around(MeetingPoller, "get_meeting_load")
def _get_meeting_load(original, self, *args, **options):
    return original(self, *args, **options) * _FACTOR.get()
