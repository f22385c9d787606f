"""The token with which a browser enters its meeting's LiveKit room."""

import base64
import hashlib
import hmac
import json
import time

from bbb_common import settings
from bbb_common.places import place

# bbb-webrtc-sfu decides who enters a room: it has to be switched on there, and knows LiveKit's key from its package.
DEFAULTS = place("/usr/local/bigbluebutton/bbb-webrtc-sfu/config/default.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-webrtc-sfu/production.yml")
_HOURS = 6


def token(meeting, user):
    """A JWT signed with LiveKit's key; None where LiveKit is not installed or not switched on."""
    try:
        sfu = settings.merged(settings.load(DEFAULTS), settings.load(OVERRIDE)).get("livekit") or {}
    except (OSError, ValueError):
        return None
    if not sfu.get("enabled") or not sfu.get("key") or not sfu.get("secret"):
        return None
    return sign(str(sfu["secret"]), claims(str(sfu["key"]), meeting.internal_id, user))


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
