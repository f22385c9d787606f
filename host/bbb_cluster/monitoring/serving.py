"""Whether this proxy has the load balancer in front of it send people here."""

from __future__ import annotations

from ..system import curl
from ..system.metric import Metric

URL = "http://127.0.0.1:8483/https"
SECONDS = 2


def metrics() -> list[Metric]:
    """As the load balancer hears it; it does not without a certificate, nor while it drains."""
    return [Metric("bbb_proxy_serving", float(curl.get(URL, seconds=SECONDS).status == 200))]
