"""Whether what carries voices and cameras answers people in a meeting."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ..system import curl, websocket
from ..system.failure import Failure, message

SECONDS = 10
# No answer, LiveKit's own words for "not ready", and what nginx says in its place. Where it is not installed, something
# else of the node answers.
_LIVEKIT_ILL = (0, 406, 500, 502, 503, 504)


@dataclass(frozen=True)
class Seat:
    """Somebody in a meeting, as the node knows them."""

    node: str
    origin: str
    token: str = field(repr=False)
    session: str = field(repr=False)


def listen(seat: Seat) -> None:
    """bbb-webrtc-sfu answers them, and LiveKit is well where it is installed; a Failure says what is not."""
    url = f"wss://{seat.node}/bbb-webrtc-sfu?sessionToken={seat.token}"
    headers = {"Origin": seat.origin, "Cookie": f"JSESSIONID={seat.session}"}
    try:
        said = json.loads(websocket.ask(url, '{"id":"ping"}', headers, SECONDS))
    except (OSError, ValueError) as error:
        raise Failure(f"bbb-webrtc-sfu of {seat.node} does not answer: {_why(error)}") from None
    if not isinstance(said, dict) or said.get("id") != "pong":
        raise Failure(f"bbb-webrtc-sfu of {seat.node} answers something else than pong")
    livekit = curl.send(f"https://{seat.node}/livekit/", seconds=SECONDS)
    if livekit.status in _LIVEKIT_ILL:
        raise Failure(f"LiveKit of {seat.node} is not ready: {livekit.reason}")


def _why(error: Exception) -> str:
    return message(error) if isinstance(error, OSError) and error.filename else str(error)
