"""What bbb-web answers at which path."""

import json
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

from bbb_common.service import Handler

from bbb_web import connection, internal, recordings, uploads
from bbb_web.api import Api, ApiError
from bbb_web.xml_reply import to_xml

# Asked by the client with its session instead of a checksum.
SESSION_CALLS = {"stuns": Api.stuns, "enter": Api.enter}
INDEX = "/bigbluebutton/api"
CONNECTION = "/bigbluebutton/connection/"
CALLS = {
    "end": Api.end,
    "isMeetingRunning": Api.is_meeting_running,
    "getMeetingInfo": Api.get_meeting_info,
    "getMeetings": Api.get_meetings,
}
# By `create` or `insertDocument` documents may come, as XML.
DOCUMENT_CALLS = {"create": Api.create, "insertDocument": Api.insert_document}
RECORDING_CALLS = {
    "getRecordings": recordings.get,
    "publishRecordings": recordings.publish,
    "deleteRecordings": recordings.delete,
    "updateRecordings": recordings.update,
}


class WebHandler(Handler):
    """A request; `api` answers calls, `cors` says what other origins may do."""

    api = None
    cors = None

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.startswith(CONNECTION):
            status, headers = connection.check(url.path[len(CONNECTION) :], self.headers, self.cookie(), self.api)
            return self.answer(status, headers=headers)
        if url.path == uploads.CHECK:
            return self.answer(uploads.check(self.headers, self.api))
        if url.path.startswith(internal.PATH):
            name, token = url.path[len(internal.PATH) :], self.headers.get("X-Session-Token")
            return self.answer(*internal.answer(name, url.query, token, self.api))
        self.cross_origin = self.cors.headers(self.headers.get("Origin"), self.headers.get("Host"))
        if self.cross_origin is None:
            return self.answer(403, "Invalid CORS request")
        if self.command == "OPTIONS":
            return self.preflight()
        return self.route(url)

    do_HEAD = do_POST = do_OPTIONS = do_GET

    def route(self, url):
        body = self.body()
        if url.path.startswith(uploads.PATH):
            return self.upload(body)
        call = url.path.removeprefix(INDEX).strip("/")
        if not (url.path == INDEX or url.path.startswith(f"{INDEX}/")):
            return self.answer(404, "not found")
        if call == "":
            return self.index()
        if call == "feedback":
            return self.feedback(body)
        if call in SESSION_CALLS:
            return self.session_call(SESSION_CALLS[call], url)
        try:
            return self.call(call, url.query, body)
        except ApiError as error:
            return self.xml(error.reply())

    def index(self):
        if "application/json" in self.headers.get("Content-Type", ""):
            return self.reply(json.dumps({"response": self.api.index()}), "application/json")
        return self.xml(self.api.index())

    def call(self, call, query, body):
        if call != "join" and not any(call in calls for calls in (CALLS, DOCUMENT_CALLS, RECORDING_CALLS)):
            raise ApiError("unsupportedRequest", "This request is not supported.")
        if call == "insertDocument" and self.command != "POST":
            return self.answer(405, "", headers=[("Allow", "POST")])
        self.api.check(call, query)
        content_type = self.headers.get("Content-Type", "").partition(";")[0]
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        if content_type == "application/x-www-form-urlencoded":
            parameters.update(parse_qsl(body.decode(), keep_blank_values=True))
        if call == "join":
            return self.join(parameters)
        if call in DOCUMENT_CALLS:
            document = body if content_type in ("application/xml", "text/xml") else b""
            return self.xml(DOCUMENT_CALLS[call](self.api, parameters, document))
        if call in RECORDING_CALLS:
            return self.recording_call(RECORDING_CALLS[call], parameters)
        return self.xml(CALLS[call](self.api, parameters))

    def recording_call(self, call, parameters):
        try:
            return self.xml(call(parameters))
        except recordings.Refused as error:
            raise ApiError(*error.args) from error

    def join(self, parameters):
        meeting, user, url = self.api.join(parameters, self.cookie())
        cookie = ("Set-Cookie", f"JSESSIONID={user.cookie}; Path=/; Secure; HttpOnly")
        if parameters.get("redirect", "true").lower() != "false":
            return self.answer(302, headers=[("Location", url), cookie, *self.cross_origin])
        reply = {
            "returncode": "SUCCESS",
            "messageKey": "successfullyJoined",
            "message": "You have joined successfully.",
            "meeting_id": meeting.internal_id,
            "user_id": user.user_id,
            "auth_token": user.auth_token,
            "session_token": user.session_token,
            "guestStatus": "ALLOW",
            "url": url,
        }
        return self.xml(reply, [cookie])

    def session_call(self, call, url):
        query = dict(parse_qsl(url.query))
        session = connection.session(query.get("sessionToken", ""), self.cookie(), self.api)
        if session is None:
            return self.answer(401, {"message": "no valid session"}, headers=self.cross_origin)
        reply = call(self.api, *session)
        # `enter` has an envelope, as the API's index has one; `stuns` has none.
        return self.reply(json.dumps(reply if call is Api.stuns else {"response": reply}), "application/json")

    def upload(self, body):
        headers = uploads.cross_origin(self.cross_origin, self.api.settings)
        if self.command != "POST":
            return self.answer(404, "not found", headers=headers)
        try:
            uploads.receive(self.path, self.headers.get("Content-Type", ""), body, self.api)
        except ValueError as error:
            return self.answer(400, str(error), headers=headers)
        return self.answer(200, "upload-success", headers=headers)

    def feedback(self, body):
        try:
            feedback = json.loads(body)
            self.log_message("feedback: rating %s", int(feedback["rating"]))
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"status": "error", "message": "expected JSON with a rating"})
        return self.answer(200, {"status": "ok"}, headers=self.cross_origin)

    def preflight(self):
        allowed = [("Allow", "GET, HEAD, POST, OPTIONS")]
        if self.cross_origin:
            wanted = self.headers.get("Access-Control-Request-Headers")
            allowed.append(("Access-Control-Allow-Methods", "GET,HEAD,POST"))
            allowed += [("Access-Control-Allow-Headers", wanted)] if wanted else []
        return self.answer(200, headers=[*self.cross_origin, *allowed])

    def xml(self, reply, headers=()):
        self.reply(to_xml("response", reply), "text/xml", headers)

    def reply(self, text, content_type, headers=()):
        self.answer(200, text, content_type, [("Cache-Control", "no-cache"), *self.cross_origin, *headers])

    def cookie(self):
        """The JSESSIONID that the browser sent, None when it sent none."""
        morsel = SimpleCookie(self.headers.get("Cookie", "")).get("JSESSIONID")
        return morsel.value if morsel else None
