# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call that failed by no fault of its own, but of the database or of a node, is answered by another try."""

import time
from contextvars import ContextVar

from bbblb.web import bbbapi
from starlette.routing import Route

# Those that may be made twice: a room that is there is not created again.
ACTIONS = ("create", "join", "isMeetingRunning", "getMeetings", "getMeetingInfo", "getRecordings")
TRIES = 3
# A frontend that has waited longer asks again itself.
SECONDS = 8
_noted: ContextVar = ContextVar("noted", default=None)


def note():
    """Says of the call that goes on that another try may go better."""
    if _noted.get() is not None:
        _noted.get().append(True)


def _with_tries(endpoint):
    async def tried(request):
        if request.method == "POST":
            # Kept by the request, which is read again.
            await request.body()
        begin = time.monotonic()
        for number in range(1, TRIES + 1):
            noted = []
            _noted.set(noted)
            response = await endpoint(request)
            failed = response.status_code >= 500 or b"<returncode>FAILED<" in response.body
            if not (failed and noted) or number == TRIES or time.monotonic() - begin > SECONDS:
                break
        return response

    return tried


for index, route in enumerate(bbbapi.api_routes):
    if route.path.lstrip("/") in ACTIONS:
        endpoint = _with_tries(route.endpoint)
        bbbapi.api_routes[index] = Route(route.path, endpoint, methods=route.methods, name=route.name)
