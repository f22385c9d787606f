"""The calls of the API. Each returns the reply as a dict; ApiError is a reply that says FAILED."""

import secrets
import time

from bbb_web import checksum


class ApiError(Exception):
    """A call that failed, with BigBlueButton's key and sentence."""

    def __init__(self, key, message):
        super().__init__(message)
        self.key = key

    def reply(self):
        return {"returncode": "FAILED", "messageKey": self.key, "message": str(self)}


class Api:
    """The API over `settings` (bbb-web's properties) and the meetings of this server, which runs `release`."""

    def __init__(self, settings, meetings, release):
        self.settings = settings
        self.release = release
        self.meetings = meetings
        self._supported = [name.strip() for name in settings["supportedChecksumAlgorithms"].split(",")]

    def index(self):
        """What the API says without a checksum; the client finds its websocket here."""
        version = self.release if self.settings.get("allowRevealOfBBBVersion") == "true" else ""
        return {
            "returncode": "SUCCESS",
            "version": "2.0",
            "apiVersion": "2.0",
            "bbbVersion": version,
            "graphqlWebsocketUrl": _websocket(self.settings["graphqlWebsocketUrl"]),
            "graphqlApiUrl": self.settings["graphqlApiUrl"],
        }

    def check(self, call, query):
        """Fails unless the query string carries a valid checksum for this call."""
        if not checksum.valid(call, query, self.settings["securitySalt"], self._supported):
            raise ApiError("checksumError", "Checksums do not match")

    def create(self, parameters):
        meeting_id = _meeting_id(parameters)
        meeting, new = self.meetings.create(
            meeting_id,
            _required(parameters, "name", "You must provide a meeting name"),
            parameters.get("attendeePW") or secrets.token_urlsafe(6),
            parameters.get("moderatorPW") or secrets.token_urlsafe(6),
            parameters.get("voiceBridge") or str(10000 + secrets.randbelow(90000)),
        )
        if not new and parameters.get("moderatorPW") not in (None, meeting.moderator_password):
            raise ApiError(
                "idNotUnique", "A meeting already exists with that meeting ID.  Please use a different meeting ID."
            )
        warning = ("duplicateWarning", "This conference was already in existence and may currently be in progress.")
        key, message = ("", "") if new else warning
        return {**self._created(meeting), "messageKey": key, "message": message}

    def join(self, parameters, cookie):
        """Meeting, user and the address of the client for a new user."""
        meeting = self._meeting(parameters)
        name = _required(parameters, "fullName", "You must provide your name")
        user = self.meetings.join(meeting, name, _role(meeting, parameters), cookie)
        client = self.settings["defaultHTML5ClientUrl"]
        return meeting, user, f"{client}{'&' if '?' in client else '?'}sessionToken={user.session_token}"

    def end(self, parameters):
        self.meetings.end(self._meeting(parameters))
        message = (
            "A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo or "
            "isMeetingRunning API calls to verify that it was ended."
        )
        return {"returncode": "SUCCESS", "messageKey": "sentEndMeetingRequest", "message": message}

    def is_meeting_running(self, parameters):
        meeting = self.meetings.find(_meeting_id(parameters))
        return {"returncode": "SUCCESS", "running": bool(meeting and meeting.users)}

    def get_meeting_info(self, parameters):
        return {"returncode": "SUCCESS", **_describe(self._meeting(parameters))}

    def get_meetings(self, _parameters):
        meetings = [("meeting", _describe(meeting)) for meeting in self.meetings.all()]
        reply = {"returncode": "SUCCESS", "meetings": meetings}
        if meetings:
            return reply
        return {**reply, "messageKey": "noMeetings", "message": "no meetings were found on this server"}

    def _created(self, meeting):
        return {
            "returncode": "SUCCESS",
            "meetingID": meeting.meeting_id,
            "internalMeetingID": meeting.internal_id,
            "parentMeetingID": "bbb-none",
            "attendeePW": meeting.attendee_password,
            "moderatorPW": meeting.moderator_password,
            "createTime": meeting.create_time,
            "voiceBridge": meeting.voice_bridge,
            "dialNumber": self.settings.get("defaultDialAccessNumber", ""),
            "createDate": _date(meeting.create_time),
            "hasUserJoined": meeting.joined_ever,
            "duration": self.settings.get("defaultMeetingDuration", "0"),
            "hasBeenForciblyEnded": False,
        }

    def _meeting(self, parameters):
        meeting = self.meetings.find(_meeting_id(parameters))
        if meeting is None:
            raise ApiError("notFound", "A meeting with that ID does not exist")
        return meeting


def _describe(meeting):
    attendees = [
        ("attendee", {"userID": user.user_id, "fullName": user.name, "role": user.role, "clientType": "HTML5"})
        for user in meeting.users
    ]
    return {
        "meetingName": meeting.name,
        "meetingID": meeting.meeting_id,
        "internalMeetingID": meeting.internal_id,
        "createTime": meeting.create_time,
        "createDate": _date(meeting.create_time),
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


def _role(meeting, parameters):
    if parameters.get("role"):
        return "MODERATOR" if parameters["role"].upper() == "MODERATOR" else "VIEWER"
    password = parameters.get("password")
    if password == meeting.moderator_password:
        return "MODERATOR"
    if password == meeting.attendee_password:
        return "VIEWER"
    raise ApiError("validationError", "You must provide either a valid role or a valid password")


def _meeting_id(parameters):
    meeting_id = _required(parameters, "meetingID", "You must provide a meeting ID")
    if not 2 <= len(meeting_id) <= 256:
        raise ApiError("validationError", "Meeting ID must be between 2 and 256 characters")
    return meeting_id


def _required(parameters, name, message):
    if not parameters.get(name):
        raise ApiError("validationError", message)
    return parameters[name]


def _websocket(url):
    return "wss://" + url.removeprefix("https://") if url.startswith("https://") else url


def _date(milliseconds):
    return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(milliseconds / 1000))
