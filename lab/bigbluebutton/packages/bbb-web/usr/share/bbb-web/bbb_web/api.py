"""The calls of the API. Each returns the reply as a dict; ApiError is a reply that says FAILED."""

import secrets

from bbb_web import captured, checksum, dashboard, documents, log, presentations
from bbb_web.describe import created, describe
from bbb_web.stun import servers

# What create may ask for instead of this server's defaults.
_OPTIONS = (
    *("audioBridge", "sharedNotesEditor", "guestPolicy", "record", "autoStartRecording", "meetingKeepEvents"),
    *("meetingExpireIfNoUserJoinedInMinutes", "meetingExpireWhenLastUserLeftInMinutes"),
)


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
            **self._graphql(),
        }

    def _graphql(self):
        """Where the client finds its data; releases with Meteor have no such settings."""
        if "graphqlApiUrl" not in self.settings:
            return {}
        return {
            "graphqlWebsocketUrl": self.settings["graphqlWebsocketUrl"].replace("https://", "wss://", 1),
            "graphqlApiUrl": self.settings["graphqlApiUrl"],
        }

    def check(self, call, query):
        """Fails unless the query string carries a valid checksum for this call."""
        if not checksum.valid(call, query, self.settings["securitySalt"], self._supported):
            raise ApiError("checksumError", "Checksums do not match")

    def create(self, parameters, body=b""):
        meeting_id = _meeting_id(parameters)
        meeting, new = self.meetings.create(
            meeting_id,
            _required(parameters, "name", "You must provide a meeting name"),
            parameters.get("attendeePW") or secrets.token_urlsafe(6),
            parameters.get("moderatorPW") or secrets.token_urlsafe(6),
            parameters.get("voiceBridge") or str(10000 + secrets.randbelow(90000)),
            {name: parameters[name] for name in _OPTIONS if parameters.get(name)},
        )
        if new:
            meeting.metadata = {
                name.removeprefix("meta_").lower(): value
                for name, value in parameters.items()
                if name.startswith("meta_")
            }
            captured.begin(meeting)
            meeting.presentation = documents.first(meeting, body) or presentations.default(meeting)
            dashboard.write(meeting)
            log.tell("create_meeting", meeting, name=meeting.name, record=captured.is_recorded(meeting))
        if not new and parameters.get("moderatorPW") not in (None, meeting.moderator_password):
            raise ApiError(
                "idNotUnique", "A meeting already exists with that meeting ID.  Please use a different meeting ID."
            )
        warning = ("duplicateWarning", "This conference was already in existence and may currently be in progress.")
        key, message = ("", "") if new else warning
        return {**created(meeting, self.settings), "messageKey": key, "message": message}

    def join(self, parameters, cookie):
        """Meeting, user and the address of the client for a new user."""
        meeting = self._meeting(parameters)
        name = _required(parameters, "fullName", "You must provide your name")
        user = self.meetings.join(meeting, name, _role(meeting, parameters), cookie)
        dashboard.write(meeting)
        log.tell("join_api", meeting, name=user.name, userid=user.user_id)
        client = self.settings["defaultHTML5ClientUrl"]
        if self._waits(meeting, parameters):
            client = self.settings["defaultGuestWaitURL"]
        return meeting, user, f"{client}{'&' if '?' in client else '?'}sessionToken={user.session_token}"

    def _waits(self, meeting, parameters):
        """Whether a guest is sent to the lobby: a page of its own before 3.0, later the client's own affair."""
        policy = meeting.options.get("guestPolicy") or self.settings.get("defaultGuestPolicy")
        return (
            parameters.get("guest") == "true" and policy == "ASK_MODERATOR" and "defaultGuestWaitURL" in self.settings
        )

    def enter(self, meeting, user):
        """What the client of releases with Meteor asks first."""
        return {
            "returncode": "SUCCESS",
            "fullname": user.name,
            "meetingID": meeting.internal_id,
            "externMeetingID": meeting.meeting_id,
            "internalUserID": user.user_id,
            "authToken": user.auth_token,
            "role": user.role,
            "confname": meeting.name,
        }

    def stuns(self, _meeting, user):
        """STUN and TURN servers for a user."""
        return servers(self.settings, user.user_id)

    def end(self, parameters):
        meeting = self._meeting(parameters)
        self.meetings.end(meeting)
        _end(meeting)
        message = (
            "A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo or "
            "isMeetingRunning API calls to verify that it was ended."
        )
        return {"returncode": "SUCCESS", "messageKey": "sentEndMeetingRequest", "message": message}

    def audit(self):
        """Lets those go who have been gone for a while, and ends meetings that nobody is in."""
        for meeting in self.meetings.audit():
            _end(meeting)

    def insert_document(self, parameters, body):
        """Documents for a meeting that is running; ApiController answers without a messageKey."""
        meeting_id = _meeting_id(parameters)
        meeting = self.meetings.find(meeting_id)
        if meeting is None:
            return {"returncode": "FAILED", "message": f"Meeting with id [{meeting_id}] not found."}
        shown = documents.current(meeting, body)
        if shown:
            self.meetings.change(meeting, lambda: setattr(meeting, "presentation", shown))
        return {"returncode": "SUCCESS", "message": "Presentation is being uploaded"}

    def is_meeting_running(self, parameters):
        meeting = self.meetings.find(_meeting_id(parameters))
        return {"returncode": "SUCCESS", "running": bool(meeting and meeting.running)}

    def get_meeting_info(self, parameters):
        return {"returncode": "SUCCESS", **describe(self._meeting(parameters), self.settings)}

    def get_meetings(self, _parameters):
        meetings = [("meeting", describe(meeting, self.settings)) for meeting in self.meetings.all()]
        reply = {"returncode": "SUCCESS", "meetings": meetings}
        if meetings:
            return reply
        return {**reply, "messageKey": "noMeetings", "message": "no meetings were found on this server"}

    def _meeting(self, parameters):
        meeting = self.meetings.find(_meeting_id(parameters))
        if meeting is None:
            raise ApiError("notFound", "A meeting with that ID does not exist")
        return meeting


def _end(meeting):
    log.tell("meeting_ended", meeting)
    presentations.remove(meeting)
    dashboard.remove(meeting)


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
