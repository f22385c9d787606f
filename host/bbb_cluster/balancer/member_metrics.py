"""Which nodes are closed at the load balancer, as the machine that tells it knows: the nodes themselves do not."""

from __future__ import annotations

from ..system.metric import Metric, cordon
from . import membership

# Noticed, not done by us.
OTHERS = "balancer"


def metrics() -> list[Metric]:
    """By node and by who has closed it, and since when."""
    found: list[Metric] = []
    for known in filter(None, map(membership.load, membership.nodes())):
        by_others = {OTHERS: {"since": known.noticed}} if known.noticed else {}
        for by, why in {**known.holders, **by_others}.items():
            found += cordon(by, why.get("since"), {"node": known.node})
    return found
