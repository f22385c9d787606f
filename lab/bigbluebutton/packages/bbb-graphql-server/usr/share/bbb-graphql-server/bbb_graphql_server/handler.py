"""The REST end points; nginx has asked bbb-web about the session before a request comes here."""

import json
from urllib.parse import urlsplit

from bbb_common.service import Handler


class GraphqlHandler(Handler):
    """A request; `domains` may read replies, `settings_path` is where the meeting server puts the client's settings."""

    domains = None
    settings_path = ""

    def do_GET(self):
        cors = self.domains.headers(self.headers.get("Origin"))
        path = urlsplit(self.path).path
        if path in ("/api/rest/meetingStaticData", "/api/rest/clientSettings"):
            return self.answer(200, self.static_data(), headers=cors)
        if path == "/api/rest/userMetadata":
            return self.answer(200, {"user_metadata": []}, headers=cors)
        if path == "/healthz":
            return self.answer(200, "OK")
        return self.answer(404, {"error": "resource does not exist"}, headers=cors)

    def do_OPTIONS(self):
        headers = self.domains.headers(self.headers.get("Origin"))
        if headers:
            headers.append(("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,OPTIONS"))
            wanted = self.headers.get("Access-Control-Request-Headers")
            headers += [("Access-Control-Allow-Headers", wanted)] if wanted else []
        self.answer(204, headers=headers)

    def static_data(self):
        with open(self.settings_path, encoding="utf-8") as file:
            return {"meeting_clientSettings": [{"clientSettingsJson": json.load(file)}]}
