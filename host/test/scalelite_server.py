"""
Scalelite's own part of its HTTP API on the loopback, as its source has it (blindsidenetworks/scalelite at 7498a81dc8:
servers_controller.rb, server_update_service.rb, api_helper.rb, poll.rake). The nodes behind it only pretend.
"""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = "l0adbalancers3cret"
STATES = {"enable": "enabled", "cordon": "cordoned", "disable": "disabled"}
LENGTHS = {40: "sha1", 64: "sha256", 128: "sha512"}
READING = ("getServers",)


def xml_error(key):
    """What application_controller.rb says of its own errors: status 200, and XML in a JSON API."""
    return 200, f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey></response>"


class ScaleliteServer:
    """
    `servers` by id; `meetings` in its database: meeting → id of the server; `running` is what nodes know of them.
    `canned` are answers to actions that come in the place of its own: (status, body) or (status, body, location).
    """

    def __init__(self):
        self.servers, self.meetings, self.running, self.asked, self.canned = {}, {}, set(), [], {}
        self.after = {}
        # Formats by id, as bigbluebutton_api_controller.rb tells of them.
        self.recordings = {}
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.handle_call("")

            def do_POST(self):
                self.handle_call(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

            def handle_call(self, body):
                status, content, *location = owner.answer(self.command, self.path, self.headers, body)
                if status == 0:
                    return
                content = content if isinstance(content, str) else json.dumps(content)
                self.send_response(status)
                for place in location:
                    self.send_header("Location", place)
                self.send_header("Content-Length", str(len(content.encode())))
                self.end_headers()
                self.wfile.write(content.encode())

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        """Ends it."""
        self._http.shutdown()
        self._http.server_close()

    def put(self, host, state="enabled", online=True, load=0.0, secret="n0des3cret", number=""):
        """A server as its database has it."""
        identity = f"id-{host.split('.')[0]}{number}"
        url = f"https://{host}/bigbluebutton/api"
        self.servers[identity] = {"id": identity, "url": url, "secret": secret, "tag": "", "bbb_version": ""}
        self.servers[identity].update({"state": state, "load": load, "load_multiplier": "1.0", "online": online})
        return self.servers[identity]

    def poll(self):
        """poll.rake, for nodes that answer."""
        for server in self.servers.values():
            rooms = [room for room, where in self.meetings.items() if where == server["id"] and room in self.running]
            server.update(online=True, load=float(len(rooms)))
            if server["state"] == "cordoned" and not rooms:
                server["state"] = "disabled"

    def actions(self):
        """What was asked for to change something: actions with their bodies."""
        return [(action, body) for action, body in self.asked if action not in READING]

    def answer(self, method, path, headers, body):
        """Status and content."""
        parts = urlsplit(path)
        action = parts.path.rpartition("/")[2]
        query = parse_qs(parts.query)
        if action in self.canned:
            self.asked.append((action, json.loads(body) if body else {}))
            return self.canned[action]
        if body and headers.get("Content-Type") != "application/json":
            return xml_error("unsupportedContentType")
        checksum = query.get("checksum", [""])[0]
        rest = "&".join(part for part in parts.query.split("&") if not part.startswith("checksum="))
        algorithm = LENGTHS.get(len(checksum))
        if not algorithm or hashlib.new(algorithm, f"{action}{rest}{SECRET}".encode()).hexdigest() != checksum:
            return xml_error("checksumError")
        if parts.path == "/bigbluebutton/api/getRecordings":
            return 200, self._get_recordings(query["recordID"][0].split(","))
        known = {"getServers": "GET", "addServer": "POST", "updateServer": "POST"}
        known.update({"deleteServer": "POST", "panicServer": "POST"})
        if parts.path != f"/scalelite/api/{action}" or known.get(action) != method:
            return xml_error("unsupportedRequest")
        data = json.loads(body) if body else {}
        self.asked.append((action, data))
        answer = getattr(self, f"_{action}")(data)
        return self.after.get(action, answer)

    def _get_recordings(self, wanted):
        format_of = "<format><type>{}</type></format>".format
        each = "".join(
            f"<recording><recordID>{record}</recordID><playback>{''.join(map(format_of, names))}</playback></recording>"
            for record, names in self.recordings.items()
            if record in wanted
        )
        return f"<response><returncode>SUCCESS</returncode><recordings>{each}</recordings></response>"

    def _getServers(self, _data):
        listed = [self._shown(server) for server in self.servers.values()]
        return (200, listed) if listed else (404, {"error": "No servers are configured"})

    def _addServer(self, data):
        wanted = data["server"]
        if not wanted.get("url") or not wanted.get("secret"):
            return 400, {"error": "Server needs a URL and a secret"}
        server = self.put(
            urlsplit(wanted["url"]).hostname, "disabled", False, None, wanted["secret"], len(self.servers)
        )
        server["load_multiplier"] = str(wanted.get("load_multiplier") or "1.0")
        return 201, self._shown(server)

    def _updateServer(self, data):
        server = self.servers.get(data.get("id"))
        if not server:
            return self._unknown(data)
        changes = data["server"]
        if changes.get("state"):
            if changes["state"] not in STATES:
                return 400, {"error": f"Invalid state parameter: {changes['state']}"}
            server["state"] = STATES[changes["state"]]
        server["secret"] = changes.get("secret") or server["secret"]
        return 200, self._shown(server)

    def _deleteServer(self, data):
        server = self.servers.pop(data.get("id"), None)
        return (200, {"success": f"Server id={data['id']} was destroyed"}) if server else self._unknown(data)

    def _panicServer(self, data):
        server = self.servers.get(data.get("id"))
        if not server:
            return self._unknown(data)
        for room in [room for room, where in self.meetings.items() if where == server["id"]]:
            # Taken out before the node is asked to end it, and the first one that cannot be ended ends it all.
            del self.meetings[room]
            if room not in self.running:
                return 400, {"error": f"Couldn't disable server id={data['id']}"}
            self.running.remove(room)
        server["state"] = "disabled"
        return 200, {"success": f"Server id={data['id']} has been disabled and the meetings have been destroyed"}

    def _unknown(self, data):
        return 404, {"error": f"Couldn't find server with id={data.get('id')}"}

    def _shown(self, server):
        load = None if server["state"] == "disabled" else server["load"]
        return {
            **server,
            "load": "unavailable" if load is None else str(load),
            "online": "online" if server["online"] else "offline",
        }
