"""The meetings and sessions of this server, in memory: they end with the process."""

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field


@dataclass
class User:
    """Somebody who joined; `session_token` travels in the URL, `cookie` is the JSESSIONID that must come with it."""

    user_id: str
    name: str
    role: str
    session_token: str
    auth_token: str
    cookie: str
    # How many websockets the user has open.
    present: int = 0


@dataclass
class Meeting:
    """A meeting; times are milliseconds since 1970; `options` are what create asked for beyond names and passwords."""

    meeting_id: str
    name: str
    attendee_password: str
    moderator_password: str
    voice_bridge: str
    create_time: int
    options: dict = field(default_factory=dict)
    users: list = field(default_factory=list)
    joined_ever: bool = False
    start_time: int = 0
    presentation: object = None
    pad_id: str = field(default_factory=lambda: secrets.token_hex(12))
    ended: bool = False
    # Counts changes of what the client sees.
    version: int = 1

    @property
    def internal_id(self):
        return f"{hashlib.sha1(self.meeting_id.encode()).hexdigest()}-{self.create_time}"


class Meetings:
    """All running meetings; every method may be called from any thread."""

    def __init__(self):
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
                meeting_id, name, attendee_password, moderator_password, voice_bridge, _now(), options or {}
            )
            self._meetings[meeting_id] = meeting
            return meeting, True

    def find(self, meeting_id):
        """The meeting with that id, or None."""
        return self._meetings.get(meeting_id)

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
            meeting.joined_ever = True
            meeting.start_time = meeting.start_time or _now()
            self._sessions[user.session_token] = (meeting, user)
        return user

    def end(self, meeting):
        """Ends the meeting; its sessions are no longer valid."""
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


def _now():
    return int(time.time() * 1000)
