"""
What a node tells a Prometheus of BigBlueButton, by the names of greenstatic's bigbluebutton-exporter
(docs/exporter-user-guide.md), so that dashboards for that one fit; and of its place in the cluster.
"""

from __future__ import annotations

import glob
import os
from xml.etree.ElementTree import Element

from ..system import paths
from ..system.failure import Failure
from ..system.metric import Metric, cordon, moment
from . import api, cordons, pending, recordings

FOLDER = "/var/bigbluebutton"
_COUNTS = {
    "bbb_meetings_participants": "participantCount",
    "bbb_meetings_listeners": "listenerCount",
    "bbb_meetings_voice_participants": "voiceParticipantCount",
    "bbb_meetings_video_participants": "videoCount",
}


def metrics() -> list[Metric]:
    """Of this moment."""
    return [*_meetings(), *_recordings(), *_service()]


def _meetings() -> list[Metric]:
    try:
        found = list(api.call("getMeetings").iterfind("meetings/meeting"))
    except Failure:
        return [Metric("bbb_api_up", 0)]
    return [
        Metric("bbb_api_up", 1),
        Metric("bbb_meetings", len(found)),
        *(Metric(name, sum(_number(each, count) for each in found)) for name, count in _COUNTS.items()),
    ]


def _number(meeting: Element, name: str) -> int:
    text = meeting.findtext(name) or ""
    return int(text) if text.isdigit() else 0


def _recordings() -> list[Metric]:
    said = {
        f"bbb_recordings_{state}": len({os.path.basename(path) for path in _folders(f"{state}/*/*")})
        for state in ("published", "unpublished", "deleted")
    }
    said["bbb_recordings_unprocessed"] = recordings.count_in_work()
    said["bbb_recordings_processing"] = len(_folders("recording/process/*/*"))
    return [Metric(name, count) for name, count in said.items()]


def _folders(pattern: str) -> list[str]:
    return [path for path in glob.glob(paths.on_host(f"{FOLDER}/{pattern}")) if os.path.isdir(path)]


def _service() -> list[Metric]:
    holders = cordons.holders()
    found = [Metric("bbb_cluster_in_service", float(not holders))]
    for by, entry in holders.items():
        found += cordon(by, entry.get("since"))
    waiting = pending.summary() or {}
    return found + moment("bbb_cluster_change_pending_since_timestamp_seconds", waiting.get("since"))
