"""What the client sees of its meeting."""

from bbb_web import livekit, presentations


def view(meeting, user, settings):
    """The meeting as its subscription tells it to this user; it changes with the meeting's version."""
    bridge = choice(meeting, settings, "audioBridge")
    editor = choice(meeting, settings, "sharedNotesEditor")
    return {
        "meetingId": meeting.internal_id,
        "name": meeting.name,
        "userName": user.name,
        "users": [each.name for each in meeting.users if each.present],
        "presentation": {
            "presentationId": meeting.presentation.presentation_id,
            "uploadToken": meeting.presentation.upload_token,
            "pages": presentations.pages(meeting, settings["presentationBaseURL"]),
        },
        "sharedNotesEditor": editor,
        # The server of BlockNote's notes tells by the name whose meeting a document belongs to.
        "padId": f"bn-document__{meeting.internal_id}" if editor == "blockNote" else meeting.pad_id,
        "audioBridge": bridge,
        "livekitToken": livekit.token(meeting, user) if bridge == "livekit" else None,
    }


def choice(meeting, settings, name):
    """What create asked for, or this server's default."""
    return meeting.options.get(name) or settings.get(name, "")
