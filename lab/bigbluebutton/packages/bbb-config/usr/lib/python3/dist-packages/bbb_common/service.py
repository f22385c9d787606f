"""The frame of an HTTP service: how it starts, answers and fails."""

import json
import os
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def fail(message):
    """Ends the service with one line in the journal; systemd then tries again, as with the real one."""
    sys.exit(f"fatal: {message}")


class Handler(BaseHTTPRequestHandler):
    """A request: `answer` sends a reply, successful requests are not logged."""

    protocol_version = "HTTP/1.1"
    server_version = "BigBlueButton-simulated"
    sys_version = ""

    def answer(self, status, body="", content_type="text/plain", headers=()):
        """Sends a whole reply; a dict or list as `body` is sent as JSON."""
        if isinstance(body, (dict, list)):
            body, content_type = json.dumps(body), "application/json"
        data = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", f"{content_type};charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def body(self):
        """The request's body."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def log_request(self, code="-", size="-"):
        if int(code) >= 400:
            super().log_request(code, size)


def ready():
    """Tells systemd, if it waits for that, that the service has started."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect("\0" + address[1:] if address.startswith("@") else address)
            notify.send(b"READY=1")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(address, port, handler, **context):
    """Serves until the process is ended; port 0 takes a free one. The first line of output says where.

    What a request needs to know is given as `context`, and is an attribute of the handler there.
    """
    server = Server((address, port), type(handler.__name__, (handler,), context))
    print(f"listening on {address}:{server.server_address[1]}", flush=True)
    ready()
    server.serve_forever()
