"""The websocket's handshake, and as much of graphql-transport-ws as says whether a session is let in."""

import json
import urllib.error
import urllib.request

from bbb_common.service import Handler

from bbb_graphql_middleware import websocket
from bbb_graphql_middleware.origin import allowed

PROTOCOL = "graphql-transport-ws"


class MiddlewareHandler(Handler):
    """A request; `cross_origin` is a pattern for the host of other pages, `hook` is where bbb-web is asked."""

    cross_origin = ""
    hook = ""

    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() != "websocket":
            return self.answer(426, "expected a websocket", headers=[("Upgrade", "websocket")])
        if not allowed(self.headers.get("Origin"), self.headers.get("Host", ""), self.cross_origin):
            self.log_message("request Origin %s is not authorized", self.headers.get("Origin"))
            return self.answer(403, "origin not authorized")
        return self.converse()

    def converse(self):
        self.close_connection = True
        self.send_response(101)
        for name, value in websocket.handshake(self.headers, PROTOCOL):
            self.send_header(name, value)
        self.end_headers()
        authorized = False
        for text in websocket.messages(self.rfile, self.wfile):
            message = json.loads(text)
            if message["type"] == "connection_init":
                authorized = self.authorized(message.get("payload", {}).get("headers", {}))
                if not authorized:
                    websocket.close(self.wfile, 4403, "Forbidden")
                    return
                websocket.send(self.wfile, json.dumps({"type": "connection_ack"}))
            elif message["type"] == "ping":
                websocket.send(self.wfile, json.dumps({"type": "pong"}))
            elif not authorized:
                websocket.close(self.wfile, 4401, "Unauthorized")
                return

    def authorized(self, headers):
        """Whether bbb-web knows the session token together with this browser's cookie."""
        question = {"Cookie": self.headers.get("Cookie", ""), "X-Session-Token": headers.get("X-Session-Token", "")}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.hook, headers=question), timeout=5):
                return True
        except (urllib.error.URLError, OSError) as error:
            self.log_message("session refused: %s", error)
            return False
