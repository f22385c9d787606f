"""A meeting and the people in it."""

import hashlib
import secrets
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
    # How many websockets the user has open, and since when none.
    present: int = 0
    absent_since: float = 0
    # `registered` until the browser is there, then `online`, `left`, and in the end `forgotten`.
    state: str = "registered"


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
    metadata: dict = field(default_factory=dict)
    # Everybody who was let in, also those whose browser never came.
    users: list = field(default_factory=list)
    joined_ever: bool = False
    start_time: int = 0
    end_time: int = 0
    presentation: object = None
    pad_id: str = field(default_factory=lambda: secrets.token_hex(12))
    ended: bool = False
    # Counts changes of what the client sees.
    version: int = 1

    @property
    def online(self):
        """The users whose browser is there."""
        return [user for user in self.users if user.state == "online"]

    @property
    def running(self):
        """Whether anybody is there, or was a minute ago."""
        return any(user.state in ("online", "left") for user in self.users)

    @property
    def internal_id(self):
        return f"{hashlib.sha1(self.meeting_id.encode()).hexdigest()}-{self.create_time}"
