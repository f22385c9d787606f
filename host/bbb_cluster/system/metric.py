"""Single values as Prometheus reads them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Metric:
    """A value at this moment; times are seconds since 1970, counters end in `_total`."""

    name: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def render(metrics: list[Metric]) -> str:
    """Prometheus' text format, all values of a name together."""
    lines = []
    for name in dict.fromkeys(metric.name for metric in metrics):
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        lines += [_line(metric) for metric in metrics if metric.name == name]
    return "".join(f"{line}\n" for line in lines)


def _line(metric: Metric) -> str:
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in metric.labels.items())
    value = re.sub(r"\.0$", "", repr(float(metric.value)))
    return f"{metric.name}{{{labels}}} {value}" if labels else f"{metric.name} {value}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def moment(name: str, stamp: object, labels: dict[str, str] | None = None) -> list[Metric]:
    """A moment as it is noted (ISO 8601, UTC); nothing when it is none."""
    try:
        seconds = datetime.datetime.fromisoformat(str(stamp).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return []
    return [Metric(name, seconds, labels or {})]


def cordon(by: str, since: object, labels: dict[str, str] | None = None) -> list[Metric]:
    """That somebody has closed a node, and since when."""
    said = {**(labels or {}), "by": by}
    return [Metric("bbb_cluster_cordoned", 1, said), *moment("bbb_cluster_cordon_since_timestamp_seconds", since, said)]
