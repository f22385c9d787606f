"""What of a meeting that is to be recorded goes to redis while it runs, and the flag when it is over."""

import os

from bbb_common.places import place
from bbb_common.redis import redis

STATUS = place("/var/bigbluebutton/recording/status")
# Longer than anybody needs to make a recording of it.
_EXPIRE_SECONDS = 14 * 24 * 3600


def begin(meeting):
    """Notes the meeting; with autoStartRecording somebody has pressed the button, as it were."""
    if not _is_captured(meeting):
        return
    names = {"meetingId": meeting.meeting_id, "meetingName": meeting.name, "isBreakout": "false", **meeting.metadata}
    info, recordings = f"meeting:info:{meeting.internal_id}", f"meeting:{meeting.internal_id}:recordings"
    redis("hset", info, *(word for pair in names.items() for word in pair))
    redis("rpush", recordings, "MeetingStartedEvent", *(["RecordStatusEvent"] if is_recorded(meeting) else []))
    for key in (info, recordings):
        redis("expire", key, _EXPIRE_SECONDS)


def end(meeting):
    """Has bbb-rap-starter begin: nobody does when bbb-web does not live to see the end (bigbluebutton#2666)."""
    if _is_captured(meeting):
        folder = f"{STATUS}/{'recorded' if _wants(meeting, 'record') else 'ended'}"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/{meeting.internal_id}.done", "w", encoding="ascii"):
            pass


def is_recorded(meeting):
    """Whether the button is pressed."""
    return _wants(meeting, "record") and _wants(meeting, "autoStartRecording")


def _is_captured(meeting):
    return _wants(meeting, "record") or _wants(meeting, "meetingKeepEvents")


def _wants(meeting, option):
    return meeting.options.get(option, "").lower() == "true"
