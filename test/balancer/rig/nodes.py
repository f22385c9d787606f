"""Nodes that only pretend: BigBlueButton's API over TLS, each at a loopback address of its own, with faults."""

import contextlib
import hashlib
import http.server
import os
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

from answers import FAULTS, described, failed, internal, success

CERTIFICATE, KEY = "/tmp/nodes.pem", "/tmp/nodes.key"
SECRET = "node-secret-of-the-tests"
DOMAINS = [f"bbb-{number:02}.example.com" for number in range(1, 13)]
# Nothing is there; nothing is said; another secret.
SILENT = ("gone", "hangs", "another secret")


def prepare():
    """Names and a certificate for all of them."""
    if os.path.exists(CERTIFICATE):
        return
    with open("/etc/hosts", "a", encoding="ascii") as hosts:
        hosts.writelines(f"127.0.1.{number} {domain}\n" for number, domain in enumerate(DOMAINS, 1))
    names = ",".join(f"DNS:{domain}" for domain in DOMAINS)
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    files = ["-keyout", KEY, "-out", CERTIFICATE, "-subj", "/CN=nodes", "-addext", f"subjectAltName={names}"]
    subprocess.run([*make, *files], check=True, capture_output=True)


class Node:
    """One node: its meetings by scoped id, each with what it was created with; `fault` is what it does wrong."""

    def __init__(self, number):
        prepare()
        self.domain, self.address = DOMAINS[number - 1], f"127.0.1.{number}"
        self.meetings, self.posted, self.fault, self.secret = {}, [], "", SECRET
        self.asked = self.hanging = 0
        self._lock, self._free, self._server = threading.Lock(), threading.Event(), None
        self.start()

    def start(self):
        """Answers again."""
        node = self

        class Handler(_Handler):
            owner = node

        self._server = _Server((self.address, 443), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        """Refuses connections from now on."""
        if self._server:
            self._free.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fail(self, fault):
        """Does something wrong from now on; nothing: it works again."""
        self._free.set()
        self._free = threading.Event()
        self.fault, self.secret = fault, "other" if fault == "another secret" else SECRET
        if fault == "gone":
            self.stop()
        elif not self._server:
            self.start()

    def answer(self, action, query, body):
        """Status, type and content of an answer."""
        self.asked += 1
        if self.fault == "hangs" or f"hangs at {action}" in self.fault:
            self._hang()
        # Of one call: it is not done.
        if self.fault in FAULTS or f"{action} lost" in self.fault:
            return FAULTS.get(self.fault, FAULTS["error 500"])
        given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        signed = query.partition("checksum=")[0].rstrip("&")
        if hashlib.sha256(f"{action}{signed}{self.secret}".encode()).hexdigest() != given.get("checksum"):
            return failed("checksumError")
        with self._lock:
            done = getattr(self, f"_{action}", lambda *_: failed("unsupportedRequest"))(given, body)
        # What has been said is heard when it may no longer be so.
        if self.fault == f"late at {action}":
            self._hang()
        # Of one call, or of all: it does what it is asked to, and its answer does not arrive.
        is_unheard = self.fault in ("all unheard", f"{action} unheard")
        return (504, "text/plain", b"too late") if is_unheard else done

    def _hang(self):
        self.hanging += 1
        self._free.wait(60)
        self.hanging -= 1

    def answer_meetings(self):
        """What it says of its meetings to who may ask."""
        return self._getMeetings({}, b"")[2]

    def _create(self, given, body):
        if body:
            self.posted.append(body)
        identity = given["meetingID"]
        new = {"created": int(time.time() * 1000), "users": 0, **given}
        again = identity in self.meetings
        own = hashlib.sha1(identity.encode()).hexdigest() + f"-{new['created']}"
        meeting = self.meetings.setdefault(identity, {"internal": own, **new})
        created = f"<createTime>{meeting['created']}</createTime>"
        key = "<messageKey>duplicateWarning</messageKey>" if again else ""
        passwords = "<attendeePW>ap</attendeePW><moderatorPW>mp</moderatorPW>"
        return success(f"<meetingID>{escape(identity)}</meetingID>{internal(meeting)}{created}{passwords}{key}")

    def _join(self, given, _body):
        meeting = self.meetings.get(given["meetingID"])
        if not meeting:
            return failed("notFound")
        if given.get("createTime", str(meeting["created"])) != str(meeting["created"]):
            return failed("mismatchCreateTimeParam")
        client = f"https://bbb.example.com/{self.domain.partition('.')[0]}/html5client/?sessionToken=x"
        return 302, "text/plain", client.encode()

    def _end(self, given, _body):
        if self.fault == "refuses end":
            return failed("invalidPassword")
        return success("") if self.meetings.pop(given["meetingID"], None) else failed("notFound")

    def _getMeetingInfo(self, given, _body):
        meeting = self.meetings.get(given["meetingID"])
        return success(described(given["meetingID"], meeting)) if meeting else failed("notFound")

    _sendChatMessage = _getMeetingInfo

    def _getMeetings(self, _given, _body):
        each = "".join(f"<meeting>{described(one, meeting)}</meeting>" for one, meeting in self.meetings.items())
        return success(f"<meetings>{each}</meetings>")


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(CERTIFICATE, KEY)
        self._open = set()

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(60)
        wrapped = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self._open.add(wrapped)
        return wrapped, address

    def server_close(self):
        """A machine that is gone: connections that were kept end, too."""
        super().server_close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_arguments):
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _answer(self, body):
        path, _, query = self.path.partition("?")
        if self.headers.get("Content-Type") == "application/x-www-form-urlencoded":
            query, body = body.decode(), b""
        status, kind, content = self.owner.answer(path.rpartition("/")[2], query, body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if status == 302:
            self.send_header("Location", content.decode())
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        pass
