"""Questions of nginx (`auth_request`) and of the other services: may this browser?"""

from urllib.parse import parse_qs, urlsplit

CHECKS = ("checkAuthorization", "checkGraphqlAuthorization", "legacyCheckAuthorization", "validatePad")


def check(name, headers, cookie, api):
    """Status and headers: 200 when the session token of the original request and its cookie belong together."""
    if name not in CHECKS:
        return 404, []
    # A preflight carries no cookie: what it asks about is decided by who answers it.
    if headers.get("X-Original-Method") == "OPTIONS":
        return 200, []
    session = api.meetings.session(_session_token(headers))
    if session is None:
        return 401, []
    meeting, user = session
    if user.cookie != cookie and api.settings.get("allowRequestsWithoutSession") != "true":
        return 401, []
    return 200, [
        ("Meeting-Id", meeting.internal_id),
        ("User-Id", user.user_id),
        ("User-Name", user.name.encode("ascii", "replace").decode()),
    ]


def _session_token(headers):
    token = headers.get("X-Session-Token")
    if token:
        return token
    query = urlsplit(headers.get("X-Original-URI", "")).query
    return parse_qs(query).get("sessionToken", [""])[0]
