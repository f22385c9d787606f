"""One browser's view of its meeting: bbb-web holds the meetings, where the real one has a database."""

import contextlib
import json
import urllib.error
import urllib.request

_WAIT_SECONDS = 20


class Session:
    """A session token with its cookie: `hook` says whether they belong together, `meetings` what there is to see."""

    def __init__(self, hook, meetings, token, cookie):
        self._hook = hook
        self._meetings = meetings
        self._token = token
        self._cookie = cookie
        self._left = False

    def enter(self):
        """Makes the user present; OSError when bbb-web refuses the session."""
        self._ask(self._hook)
        self._ask(f"{self._meetings}/enter")

    def leave(self):
        """Makes the user absent."""
        self._left = True
        # When the meeting is over, or bbb-web was restarted, nobody is present there.
        with contextlib.suppress(OSError):
            self._ask(f"{self._meetings}/leave")

    def follow(self, connection, send):
        """Hands the meeting as it is to `send`, and again whenever it has changed, until either side ends it."""
        version = 0
        try:
            while not self._left:
                answer = self._ask(f"{self._meetings}/watch?after={version}&seconds={_WAIT_SECONDS}")
                if answer["version"] == version or self._left:
                    continue
                version = answer["version"]
                send(answer["meeting"])
        except OSError:
            self._end(connection)

    def _end(self, connection):
        if not self._left:
            # The browser may be gone already.
            with contextlib.suppress(OSError):
                connection.close(4409, "Meeting ended")

    def _ask(self, url):
        question = {"Cookie": self._cookie, "X-Session-Token": self._token}
        request = urllib.request.Request(url, headers=question)
        with urllib.request.urlopen(request, timeout=_WAIT_SECONDS + 10) as answer:
            text = answer.read()
        return json.loads(text) if text else None
