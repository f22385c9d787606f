"""What a node answers, in XML."""

from xml.sax.saxutils import escape

# What clients want to read of a meeting, and nobody asks here.
FIXED = "".join(
    f"<{name}>{value}</{name}>"
    for names, value in (
        ("voiceBridge dialNumber listenerCount voiceParticipantCount videoCount duration", 0),
        ("running hasUserJoined", "false"),
        ("createDate", "Thu Nov 26 15:00:00 UTC 2026"),
        ("attendeePW", "ap"),
        ("moderatorPW", "mp"),
    )
    for name in names.split()
)
FAILED = b"<response><returncode>FAILED</returncode>%s</response>"
# What a node that fails answers instead of its meetings.
FAULTS = {
    "error 500": (500, "text/plain", b"no"),
    "a page": (200, "text/html", b"<html><body><p>maintenance</body>"),
    "half an answer": (200, "text/xml", b"<response><returncode>SUCCESS</returncode><meetings><meeting>"),
    "failed": (200, "text/xml", FAILED % b"<messageKey>x</messageKey><message>y</message>"),
    "failed without a key": (200, "text/xml", FAILED % b""),
    "another answer": (200, "text/xml", b"<response><returncode>SUCCESS</returncode><version>2.0</version></response>"),
    "elsewhere": (302, "text/plain", b"https://elsewhere.example.com/"),
}


def described(identity, meeting):
    """A meeting as it is told of."""
    meta = {name[5:]: value for name, value in meeting.items() if name.startswith("meta_")}
    metadata = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in meta.items())
    counts = f"<participantCount>{meeting['users']:,}</participantCount>{FIXED}"
    over = f"<hasBeenForciblyEnded>{meeting.get('over', 'false')}</hasBeenForciblyEnded>"
    times = f"<createTime>{meeting['created']}</createTime><endTime>{meeting.get('endTime', 0)}</endTime>"
    name = f"<meetingName>{escape(meeting.get('name', ''))}</meetingName>"
    ids = f"<meetingID>{escape(identity)}</meetingID>{name}{internal(meeting)}"
    return f"{ids}{times}{over}{counts}<metadata>{metadata}</metadata>"


def internal(meeting):
    """A meeting's own id."""
    return f"<internalMeetingID>{meeting['internal']}</internalMeetingID>"


def success(inner):
    """Status, type and content of a yes."""
    return 200, "text/xml", f"<response><returncode>SUCCESS</returncode>{inner}</response>".encode()


def failed(key):
    """The same of a no."""
    content = f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey><message>no</message></response>"
    return 200, "text/xml", content.encode()
