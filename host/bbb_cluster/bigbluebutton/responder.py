"""Decides for nginx on each `create` while the node is closed: it decodes an id, and reads a body, as nginx cannot."""

from __future__ import annotations

import contextlib
import os
import socketserver
from collections.abc import Collection
from http.server import BaseHTTPRequestHandler
from typing import Callable

from .create_call import meeting_ids

# Under its own name Python's server would parse it, and some it cannot.
CONTENT_TYPE = "X-Bbb-Cluster-Content-Type"
# What BigBlueButton itself says when it refuses something: with status 200.
REFUSAL = (
    b"<response><returncode>FAILED</returncode><messageKey>nodeClosed</messageKey>"
    b"<message>This server is about to be updated and takes no new meetings.</message></response>"
)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        # Read in any case: nginx takes an answer before that for a failure.
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        passes = self._passes(body)
        self.send_response_only(200)
        if passes:
            self.send_header("X-Accel-Redirect", self.server.passing)
        else:
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(REFUSAL)))
        self.end_headers()
        if not passes and self.command != "HEAD":
            self.wfile.write(REFUSAL)

    do_HEAD = do_POST = do_GET

    def _passes(self, body: bytes) -> bool:
        query = self.path.partition("?")[2].encode("latin-1").decode("utf-8", "replace")
        try:
            ids = meeting_ids(query, self.headers.get(CONTENT_TYPE) or "", body)
            return self.server.may_begin(ids or set())
        except Exception:
            # Without an answer nginx would let it through.
            return False

    def log_message(self, *_words: object) -> None:
        """Says nothing: nginx has a log."""


class Responder(socketserver.ThreadingUnixStreamServer):
    """
    Answers on a socket; `passing` is nginx's location for what it lets through, `may_begin` decides on the ids that a
    call names.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: str, passing: str, may_begin: Callable[[Collection[str]], bool]) -> None:
        self.passing, self.may_begin = passing, may_begin
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        super().__init__(path, _Handler)
        # nginx's workers are nobody in particular.
        os.chmod(path, 0o666)
