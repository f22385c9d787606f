"""A frontend that is called back."""

import http.server
import threading


class Frontend:
    """Counts who calls: path and body of each call."""

    def __init__(self):
        self.calls = []
        calls = self.calls

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                calls.append((self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.2.1", 0), Handler)
        self.url = f"http://127.0.2.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def called(self, beginning):
        """The bodies of calls to a path."""
        return [body for path, body in self.calls if path.startswith(beginning)]

    def close(self):
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
