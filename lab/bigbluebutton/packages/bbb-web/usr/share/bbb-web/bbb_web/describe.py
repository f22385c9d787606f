"""Meetings as the API describes them."""

import time


def describe(meeting):
    """What getMeetingInfo and getMeetings say."""
    attendees = [
        ("attendee", {"userID": user.user_id, "fullName": user.name, "role": user.role, "clientType": "HTML5"})
        for user in meeting.users
    ]
    return {
        "meetingName": meeting.name,
        "meetingID": meeting.meeting_id,
        "internalMeetingID": meeting.internal_id,
        "createTime": meeting.create_time,
        "createDate": date(meeting.create_time),
        "voiceBridge": meeting.voice_bridge,
        "attendeePW": meeting.attendee_password,
        "moderatorPW": meeting.moderator_password,
        "running": bool(meeting.users),
        "recording": False,
        "hasBeenForciblyEnded": False,
        "startTime": meeting.start_time,
        "endTime": 0,
        "participantCount": len(meeting.users),
        "moderatorCount": sum(user.role == "MODERATOR" for user in meeting.users),
        "isBreakout": False,
        "hasUserJoined": meeting.joined_ever,
        "attendees": attendees,
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
