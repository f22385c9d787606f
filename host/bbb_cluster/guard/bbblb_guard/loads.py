# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a meeting counts on a node: more on a small one, so that a larger one gets its share."""

import json
import os

from bbblb import model

from .wrapping import around

# By domain of a node: what the load of a meeting there is multiplied with.
LOADS = os.environ.get("GUARD_LOADS", "/var/lib/bbblb/loads.json")


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
