"""bbb-web's log: of meetings, what BigBlueButton tells there in its lines for analysis."""

import contextlib
import json
import time

from bbb_common.places import place

FILE = place("/var/log/bigbluebutton/bbb-web.log")


def tell(code, meeting, **more):
    """A line of that code about a meeting."""
    data = {"meetingId": meeting.internal_id, "externalMeetingId": meeting.meeting_id, **more, "logCode": code}
    _write("o.b.api.MeetingService", f" --analytics-- data={json.dumps(data, separators=(',', ':'))}")


def started():
    """From here on there is no meeting of before."""
    _write("o.b.BigBlueButtonApplication", "Started Application")


def _write(where, text):
    now = time.time()
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    # No meeting ends for want of a log.
    with contextlib.suppress(OSError), open(FILE, "a", encoding="utf-8") as file:
        file.write(f"{moment}.{int(now * 1000) % 1000:03}Z INFO  {where} - {text}\n")
