"""Which nodes are closed at the load balancer, as the machine that tells it knows: the nodes themselves do not."""

from __future__ import annotations

from ..system.metric import Metric, seconds_of
from . import membership

# Noticed, not done by us.
OTHERS = "balancer"


def metrics() -> list[Metric]:
    """By node and by who has closed it, and since when."""
    found = []
    for known in filter(None, map(membership.load, membership.nodes())):
        by_others = {OTHERS: {"since": known.noticed}} if known.noticed else {}
        for by, why in {**known.holders, **by_others}.items():
            labels = {"node": known.node, "by": by}
            since = seconds_of(why.get("since"))
            found.append(Metric("bbb_cluster_cordoned", 1, labels))
            found += [] if since is None else [Metric("bbb_cluster_cordon_since_timestamp_seconds", since, labels)]
    return found
