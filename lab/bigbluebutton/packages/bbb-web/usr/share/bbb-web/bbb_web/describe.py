"""Meetings as the API describes them."""

import time

from bbb_web.captured import is_recorded


def describe(meeting, settings):
    """What getMeetingInfo and getMeetings say."""
    attendees = [("attendee", _attendee(user)) for user in meeting.online]
    return {
        "meetingName": meeting.name,
        "meetingID": meeting.meeting_id,
        "internalMeetingID": meeting.internal_id,
        "createTime": meeting.create_time,
        "createDate": date(meeting.create_time),
        "voiceBridge": meeting.voice_bridge,
        "dialNumber": settings.get("defaultDialAccessNumber", ""),
        "attendeePW": meeting.attendee_password,
        "moderatorPW": meeting.moderator_password,
        "running": meeting.running,
        "duration": settings.get("defaultMeetingDuration", "0"),
        "hasUserJoined": meeting.joined_ever,
        "recording": is_recorded(meeting),
        "hasBeenForciblyEnded": False,
        "startTime": meeting.start_time,
        "endTime": meeting.end_time,
        "participantCount": len(meeting.online),
        "listenerCount": 0,
        "voiceParticipantCount": 0,
        "videoCount": 0,
        "maxUsers": settings.get("defaultMaxUsers", "0"),
        "moderatorCount": sum(user.role == "MODERATOR" for user in meeting.online),
        "attendees": attendees,
        "metadata": list(meeting.metadata.items()),
        "isBreakout": False,
    }


def _attendee(user):
    return {
        "userID": user.user_id,
        "fullName": user.name,
        "role": user.role,
        "isPresenter": False,
        "isListeningOnly": False,
        "hasJoinedVoice": False,
        "hasVideo": False,
        "clientType": "HTML5",
    }


def created(meeting, settings):
    """What create says."""
    return {
        "returncode": "SUCCESS",
        "meetingID": meeting.meeting_id,
        "internalMeetingID": meeting.internal_id,
        "parentMeetingID": "bbb-none",
        "attendeePW": meeting.attendee_password,
        "moderatorPW": meeting.moderator_password,
        "createTime": meeting.create_time,
        "voiceBridge": meeting.voice_bridge,
        "dialNumber": settings.get("defaultDialAccessNumber", ""),
        "createDate": date(meeting.create_time),
        "hasUserJoined": meeting.joined_ever,
        "duration": settings.get("defaultMeetingDuration", "0"),
        "hasBeenForciblyEnded": False,
    }


def date(milliseconds):
    """A point in time as the API writes it."""
    return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(milliseconds / 1000))
