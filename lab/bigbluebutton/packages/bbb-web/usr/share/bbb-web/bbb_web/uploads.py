"""Uploads of presentations; nginx asks first whether the token in the address is good."""

import email
import re

from bbb_web import presentations

PATH = "/bigbluebutton/presentation/"
CHECK = f"{PATH}checkPresentation"
_UPLOAD = re.compile(r"/bigbluebutton/presentation/(?:([\w-]+)/)?upload")
_MAXIMUM = 30_000_000


def check(headers, api):
    """Status for nginx: 200 when the original request may upload."""
    if headers.get("X-Original-Method") == "OPTIONS":
        return 200
    if int(headers.get("X-Content-Length") or 0) > _MAXIMUM:
        return 413
    return 200 if meeting_of(headers.get("X-Original-URI", ""), api) else 401


def meeting_of(uri, api):
    """The meeting that an upload's address belongs to, or None."""
    match = _UPLOAD.fullmatch(uri.partition("?")[0])
    return api.meetings.of_upload_token(match[1]) if match and match[1] else None


def receive(uri, content_type, body, api):
    """Takes the file of a multipart form as the new presentation; ValueError when there is none."""
    meeting = meeting_of(uri, api)
    form = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = form.get_payload() if form.is_multipart() else []
    part = next((part for part in parts if part.get_filename()), None)
    if meeting is None or part is None:
        raise ValueError("expected a form with a file, for a meeting that is running")
    shown = presentations.uploaded(meeting, part.get_filename(), part.get_payload(decode=True))
    api.meetings.change(meeting, lambda: setattr(meeting, "presentation", shown))


def cross_origin(grails, settings):
    """The reply's headers: an old filter of bbb-web names accessControlAllowOrigin, whatever Grails allows."""
    if not grails:
        return []
    named = [("Access-Control-Allow-Origin", settings.get("accessControlAllowOrigin", "")), ("Vary", "Origin")]
    return named + [header for header in grails if header[0] == "Access-Control-Allow-Credentials"]
