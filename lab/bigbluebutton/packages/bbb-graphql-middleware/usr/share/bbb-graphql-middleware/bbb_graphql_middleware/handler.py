"""The websocket of the client: graphql-transport-ws with the one subscription that the simulated client asks for."""

import json
import threading

from bbb_common import websocket
from bbb_common.meeting import Session
from bbb_common.service import Handler

from bbb_graphql_middleware.origin import allowed

PROTOCOL = "graphql-transport-ws"


class MiddlewareHandler(Handler):
    """A request; `cross_origin` is a pattern for other pages' hosts, `hook` and `meetings` are bbb-web's."""

    cross_origin = ""
    hook = ""
    meetings = ""

    def do_GET(self):
        if not websocket.wanted(self):
            return None
        if not allowed(self.headers.get("Origin"), self.headers.get("Host", ""), self.cross_origin):
            self.log_message("request Origin %s is not authorized", self.headers.get("Origin"))
            return self.answer(403, "origin not authorized")
        return self.converse(websocket.accept(self, PROTOCOL))

    def converse(self, connection):
        session = None
        try:
            for text in connection.messages():
                message = json.loads(text)
                if message["type"] == "connection_init":
                    session = self.authorized(message.get("payload", {}).get("headers", {}))
                    if session is None:
                        return connection.close(4403, "Forbidden")
                    connection.send(json.dumps({"type": "connection_ack"}))
                elif message["type"] == "ping":
                    connection.send(json.dumps({"type": "pong"}))
                elif session is None:
                    return connection.close(4401, "Unauthorized")
                elif message["type"] == "subscribe":
                    send = sender(connection, message["id"])
                    threading.Thread(target=session.follow, args=(connection, send), daemon=True).start()
        finally:
            if session:
                session.leave()
        return None

    def authorized(self, headers):
        """The session of the token, when bbb-web knows it together with this browser's cookie; None otherwise."""
        token = headers.get("X-Session-Token", "")
        session = Session(self.hook, self.meetings, token, self.headers.get("Cookie", ""))
        try:
            session.enter()
        except OSError as error:
            self.log_message("session refused: %s", error)
            return None
        return session


def sender(connection, subscription):
    """What sends a meeting as the subscription's next answer."""

    def send(meeting):
        payload = {"data": {"meeting": meeting}}
        connection.send(json.dumps({"id": subscription, "type": "next", "payload": payload}))

    return send
