"""The meetings and sessions of this server, in memory: they end with the process, or when everybody has left."""

import secrets
import threading
import time

from bbb_web.meeting import Meeting, User

# What BigBlueButton does every 10 seconds: who has had no websocket for so long has left (bigbluebutton#15993), and is
# forgotten a minute later (usersTimeout); until then the meeting still says that it is running.
AUDIT_SECONDS = 10
_ABSENT_SECONDS = 10
_FORGET_SECONDS = 60


class Meetings:
    """
    All running meetings, for any thread; `expire` are the minutes after which nobody came, or all have left. With a
    meeting that is over `before_end` is called while it is still listed.
    """

    def __init__(self, expire=(5, 1), clock=time.time, before_end=lambda meeting: None):
        self._if_nobody_joined, self._when_last_left = expire
        self._clock = clock
        self._before_end = before_end
        self._changed = threading.Condition()
        self._meetings = {}
        self._sessions = {}

    def create(self, meeting_id, name, attendee_password, moderator_password, voice_bridge, options=None):
        """The meeting and whether it is new; one of the same id that exists already is returned as it is."""
        with self._changed:
            existing = self._meetings.get(meeting_id)
            if existing:
                return existing, False
            meeting = Meeting(
                meeting_id, name, attendee_password, moderator_password, voice_bridge, self._now(), options or {}
            )
            meeting.start_time = self._now()
            self._meetings[meeting_id] = meeting
            return meeting, True

    def find(self, meeting_id):
        """The meeting whose internal id begins with that (bigbluebutton#15652), or that has this id, or None."""
        by_internal_id = (each for each in self.all() if each.internal_id.startswith(meeting_id))
        return next(by_internal_id, None) or self._meetings.get(meeting_id)

    def all(self):
        """A list of the meetings."""
        with self._changed:
            return list(self._meetings.values())

    def join(self, meeting, name, role, cookie):
        """A new user in the meeting; `cookie` is the browser's JSESSIONID, None when it has none yet."""
        user = User(
            user_id=f"w_{secrets.token_hex(6)}",
            name=name,
            role=role,
            session_token=secrets.token_hex(8),
            auth_token=secrets.token_hex(6),
            cookie=cookie or secrets.token_hex(16).upper(),
        )
        with self._changed:
            meeting.users.append(user)
            self._sessions[user.session_token] = (meeting, user)
        return user

    def enter(self, meeting, user):
        """A browser of the user has opened a websocket."""

        def action():
            user.present += 1
            user.state = "online"
            meeting.joined_ever = True
            meeting.end_time = 0

        self.change(meeting, action)

    def leave(self, meeting, user):
        """A browser of the user has closed its websocket, or is gone."""

        def action():
            user.present -= 1
            user.absent_since = self._clock()

        self.change(meeting, action)

    def audit(self):
        """Lets those go whose browser has been gone for a while; returns the meetings that ended for want of people."""
        ended = []
        for meeting in self.all():
            self._audit_users(meeting)
            if self._is_over(meeting):
                self.end(meeting)
                ended.append(meeting)
        return ended

    def _audit_users(self, meeting):
        now = self._clock()
        for user in [user for user in meeting.users if not user.present]:
            absent = now - user.absent_since
            if user.state == "online" and absent >= _ABSENT_SECONDS:
                self.change(meeting, lambda user=user: setattr(user, "state", "left"))
                if not meeting.online:
                    meeting.end_time = self._now()
            elif user.state == "left" and absent >= _ABSENT_SECONDS + _FORGET_SECONDS:
                user.state = "forgotten"

    def _is_over(self, meeting):
        minutes = (self._now() - (meeting.end_time or meeting.create_time)) / 60_000
        if not meeting.joined_ever:
            return minutes >= int(meeting.options.get("meetingExpireIfNoUserJoinedInMinutes", self._if_nobody_joined))
        if meeting.online:
            return False
        return minutes >= int(meeting.options.get("meetingExpireWhenLastUserLeftInMinutes", self._when_last_left))

    def end(self, meeting):
        """Ends the meeting; its sessions are no longer valid."""
        self._before_end(meeting)
        with self._changed:
            self._meetings.pop(meeting.meeting_id, None)
            for user in meeting.users:
                self._sessions.pop(user.session_token, None)
            meeting.ended = True
            self._changed.notify_all()

    def session(self, session_token):
        """Meeting and user of a session token, or None."""
        return self._sessions.get(session_token)

    def of_internal_id(self, internal_id):
        """The meeting that has this id in addresses, or None."""
        return next((each for each in self.all() if each.internal_id == internal_id), None)

    def of_upload_token(self, token):
        """The meeting into which presentations may be uploaded with that token, or None."""
        return next(
            (each for each in self.all() if each.presentation and each.presentation.upload_token == token), None
        )

    def change(self, meeting, action):
        """Carries out a change of what the client sees, and wakes who watches the meeting."""
        with self._changed:
            action()
            meeting.version += 1
            self._changed.notify_all()

    def watch(self, meeting, after, seconds):
        """Waits, at most so long, until the meeting's version is beyond `after` or it has ended."""
        with self._changed:
            self._changed.wait_for(lambda: meeting.ended or meeting.version > after, seconds)

    def _now(self):
        return int(self._clock() * 1000)
