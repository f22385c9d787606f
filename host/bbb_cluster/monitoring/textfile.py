"""Where node_exporter finds values that are not its own (Debian's prometheus-node-exporter, textfile collector)."""

from __future__ import annotations

from ..system import files
from ..system.files import Change
from ..system.metric import Metric, render

PATH = "/var/lib/prometheus/node-exporter/bbb-cluster.prom"


def write(metrics: list[Metric]) -> None:
    """All of them in one rename: node_exporter never reads half a file."""
    files.ensure(PATH, render(metrics).encode())


def forget() -> None:
    """Nothing more is told."""
    files.write(Change(PATH, None))
