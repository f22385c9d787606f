"""A frontend: the client's page, the guest lobby, and Meteor's protocol (DDP) on a websocket, framed by SockJS."""

import json
import os
import threading
import urllib.request
from urllib.parse import parse_qs, urlsplit

from bbb_common import websocket
from bbb_common.meeting import Session
from bbb_common.places import place
from bbb_common.service import Handler

from bbb_html5.site import guest_page

LOCALES = place("/usr/share/meteor/bundle/programs/web.browser/app/locales")
BACKEND = "http://127.0.0.1:4000/"
HOOK = "http://127.0.0.1:8090/bigbluebutton/connection/checkAuthorization"
MEETINGS = "http://127.0.0.1:8090/internal"


class FrontendHandler(Handler):
    """A request; what is not below the path of ROOT_URL does not exist."""

    site = None

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path != self.site.prefix and not url.path.startswith(f"{self.site.prefix}/"):
            return self.answer(404, "not found")
        path = url.path[len(self.site.prefix) :].strip("/")
        if path.startswith("sockjs/"):
            return self.sockjs()
        if path == "locale":
            return self.locale(parse_qs(url.query).get("locale", ["en"])[0])
        if path == "guestWait":
            return self.answer(200, guest_page(), "text/html")
        if "." in path:
            return self.answer(404, "not found")
        return self.answer(200, self.site.main_page(), "text/html")

    def locale(self, wanted):
        language = wanted.split("-")[0].lower()
        if not os.path.exists(f"{LOCALES}/{os.path.basename(language)}.json"):
            language = "en"
        self.answer(200, {"normalizedLocale": language, "regionDefaultLocale": ""})

    def sockjs(self):
        if not websocket.wanted(self):
            return None
        if not self.agrees_with_backend():
            return self.answer(503, "the backend is of another site")
        return Conversation(websocket.accept(self), self.headers.get("Cookie", "")).run()

    def agrees_with_backend(self):
        """Stricter than Meteor, where a backend with other addresses shows only in what it sends later."""
        try:
            with urllib.request.urlopen(BACKEND, timeout=5) as answer:
                return json.load(answer) == self.site.identity()
        except OSError as error:
            self.log_message("the backend does not answer: %s", error)
            return False


class Conversation:
    """One browser's DDP."""

    def __init__(self, connection, cookie):
        self._connection = connection
        self._cookie = cookie
        self._session = None

    def run(self):
        self._connection.send("o")
        try:
            for frame in self._connection.messages():
                for text in json.loads(frame):
                    self._receive(json.loads(text))
        finally:
            if self._session:
                self._session.leave()

    def _receive(self, message):
        if message["msg"] == "connect":
            self._send({"msg": "connected", "session": "1"})
        elif message["msg"] == "ping":
            self._send({"msg": "pong"})
        elif message["msg"] == "sub" and message["name"] == "meeting":
            self._subscribe(message["id"], message["params"][0])

    def _subscribe(self, subscription, token):
        session = Session(HOOK, MEETINGS, token, self._cookie)
        try:
            session.enter()
        except OSError as error:
            self._send({"msg": "nosub", "id": subscription, "error": {"reason": str(error)}})
            return
        self._session = session
        threading.Thread(target=session.follow, args=(self._connection, self._show), daemon=True).start()

    def _show(self, meeting):
        self._send({"msg": "changed", "collection": "meeting", "id": meeting["meetingId"], "fields": meeting})

    def _send(self, message):
        self._connection.send("a" + json.dumps([json.dumps(message)]))
