"""Questions of nginx (`auth_request`) and of the other services: may this browser?"""

import re
from urllib.parse import parse_qs, urlsplit

_SLIDE = re.compile(r"/bigbluebutton/presentation/([a-f0-9]+-[0-9]+)/")
CHECKS = ("checkAuthorization", "checkGraphqlAuthorization", "legacyCheckAuthorization", "validatePad")


def check(name, headers, cookie, api):
    """Status and headers: 200 when the session token of the original request and its cookie belong together."""
    if name not in CHECKS:
        return 404, []
    # A preflight carries no cookie: what it asks about is decided by who answers it.
    if headers.get("X-Original-Method") == "OPTIONS":
        return 200, []
    uri = headers.get("X-Original-URI", "")
    found = session(_session_token(headers), cookie, api) or _viewer(uri, cookie, api)
    if found is None:
        return 401, []
    meeting, user = found
    if name == "validatePad" and meeting.pad_id not in uri:
        return 401, []
    return 200, [
        ("Meeting-Id", meeting.internal_id),
        ("User-Id", user.user_id),
        ("User-Name", user.name.encode("ascii", "replace").decode()),
    ]


def session(token, cookie, api):
    """Meeting and user of a session token that comes with its own cookie, or None."""
    found = api.meetings.session(token)
    if found and found[1].cookie != cookie and api.settings.get("allowRequestsWithoutSession") != "true":
        return None
    return found


def _viewer(uri, cookie, api):
    """Meeting and user where a slide is asked for, whose address has no session token; None for anything else."""
    match = _SLIDE.match(uri)
    meeting = api.meetings.of_internal_id(match[1]) if match else None
    user = next((user for user in meeting.users if user.cookie == cookie), None) if meeting else None
    return (meeting, user) if user else None


def _session_token(headers):
    token = headers.get("X-Session-Token")
    if token:
        return token
    query = urlsplit(headers.get("X-Original-URI", "")).query
    return parse_qs(query).get("sessionToken", [""])[0]
