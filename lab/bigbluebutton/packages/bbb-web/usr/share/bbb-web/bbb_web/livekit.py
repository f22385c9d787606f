"""The token with which a browser enters its meeting's LiveKit room."""

import base64
import hashlib
import hmac
import json
import time

from bbb_common import settings
from bbb_common.places import place

DEFAULTS = place("/usr/share/livekit-server/livekit.yaml")
OVERRIDE = place("/etc/bigbluebutton/livekit.yaml")
_HOURS = 6


def token(meeting, user):
    """A JWT signed with the first of LiveKit's keys; None where LiveKit has no key."""
    try:
        keys = settings.merged(settings.load(DEFAULTS), settings.load(OVERRIDE)).get("keys") or {}
    except (OSError, ValueError):
        return None
    for key, secret in keys.items():
        return sign(str(secret), claims(str(key), meeting.internal_id, user))
    return None


def claims(key, room, user):
    """What the token says: who may enter which room and send there."""
    now = int(time.time())
    grants = {"roomJoin": True, "room": room, "canPublish": True, "canSubscribe": True, "canPublishData": True}
    return {
        "iss": key,
        "sub": user.user_id,
        "name": user.name,
        "nbf": now - 60,
        "exp": now + _HOURS * 3600,
        "video": grants,
    }


def sign(secret, content):
    """The content as a JWT (HS256)."""
    head = _encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = f"{head}.{_encode(json.dumps(content).encode())}"
    return f"{body}.{_encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest())}"


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
