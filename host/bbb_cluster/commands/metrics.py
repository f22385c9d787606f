"""Writes down for node_exporter what this machine knows of its part in the cluster: every minute, by systemd."""

from __future__ import annotations

from collections.abc import Callable

from ..backup import metrics as backup
from ..balancer import bbblb_metrics, member_metrics
from ..bigbluebutton import node_metrics
from ..monitoring import request_log, served_certificate, serving, settings, textfile
from ..recordings import metrics as recordings
from ..system import clock, files
from ..system.failure import Failure
from ..system.metric import Metric, moment
from ..system.progress import report
from ..updates import due, schedule
from . import check

NAME = "metrics"


def metrics(_data: dict, _digest: str) -> dict:
    """Of this moment; what cannot be had, or not in time, is left out, and keeps nothing else from being told."""
    wanted = settings.load()
    found = []
    try:
        for collect in (
            lambda: served_certificate.metrics(wanted.hostname),
            _maintenance,
            lambda: check.metrics(wanted.check),
            *_OF_ROLE[wanted.role],
        ):
            found += _told_by(collect)
        found.append(Metric("bbb_cluster_metrics_timestamp_seconds", clock.wall()))
    finally:
        # When systemd's time is over, too: what was told a minute ago may be true no more.
        textfile.write(found)
    return {"metrics": len(found)}


def _told_by(collect: Callable[[], list[Metric]]) -> list[Metric]:
    try:
        return collect()
    except Failure as error:
        report(f"left out: {error}")
        return []


_OF_ROLE = {
    "node": (node_metrics.metrics, recordings.metrics),
    "balancer": (bbblb_metrics.metrics, member_metrics.metrics, backup.metrics),
    "proxy": (request_log.metrics, serving.metrics, member_metrics.metrics),
}


def _maintenance() -> list[Metric]:
    last = due.last()
    # Not what is due now: that is asked of apt, and of all processes.
    return [
        *moment("bbb_cluster_maintenance_last_timestamp_seconds", last and last["at"]),
        *([] if last is None else [Metric("bbb_cluster_maintenance_failed", float(last["failure"] is not None))]),
        Metric("bbb_cluster_maintenance_wanted", float(_is_wanted())),
        Metric("bbb_cluster_reboot_required", float(files.exists(due.REBOOT))),
        Metric("bbb_cluster_updates_held", float(bool(last and last["left"]))),
    ]


def _is_wanted() -> bool:
    return files.exists(schedule.SETTINGS) and schedule.load().window is not None
