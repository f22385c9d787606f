"""Questions of this server's own services about a session; nginx leads nobody here from outside."""

from urllib.parse import parse_qs

from bbb_web.view import view

PATH = "/internal/"


def answer(name, query, token, api):
    """Status and body for enter, leave and watch (which waits for a change)."""
    session = api.meetings.session(token)
    if session is None:
        return 404, ""
    meeting, user = session
    if name in ("enter", "leave"):
        (api.meetings.enter if name == "enter" else api.meetings.leave)(meeting, user)
        return 200, {}
    if name != "watch":
        return 404, ""
    asked = parse_qs(query)
    api.meetings.watch(meeting, int(asked["after"][0]), int(asked["seconds"][0]))
    if meeting.ended:
        return 410, ""
    return 200, {"version": meeting.version, "meeting": view(meeting, user, api.settings)}
