"""BBBLB as a machine runs it, with the guard or as it is on PyPI, and a frontend that asks it."""

import hashlib
import http.client
import os
import pwd
import socket
import subprocess
import urllib.parse
import xml.etree.ElementTree as ElementTree

import nodes
from postgres import as_user, database, sql
from waiting import eventually

GUARD = "/repository/host/bbb_cluster/guard"
TENANTS = {"moodle": "moodle-api.example.com", "greenlight": "greenlight-api.example.com"}
SETTINGS = {
    "BBBLB_DOMAIN": "lb.example.com",
    "BBBLB_SECRET": "secret-of-the-balancer",
    "BBBLB_DB_CREATE": "false",
    "BBBLB_DB_MIGRATE": "false",
    "BBBLB_POLL_INTERVAL": "1",
    "BBBLB_POLL_RECOVER": "1",
    "PGHOST": "/run/postgresql",
    "SSL_CERT_FILE": nodes.CERTIFICATE,
}


class Balancer:
    """One process of BBBLB with a database, a socket that outlives it, and two tenants."""

    def __init__(self, guarded, settings=None):
        self.database = database()
        self.folder = f"/var/lib/{self.database}"
        os.makedirs(self.folder)
        os.chown(self.folder, *_ids())
        self.log = f"/tmp/{self.database}.log"
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **SETTINGS}
        self.environment["BBBLB_DB"] = f"postgresql:///{self.database}"
        self.environment["BBBLB_PATH_DATA"] = self.folder
        self.environment["GUARD_LOADS"] = f"{self.folder}/loads.json"
        self.environment.update({"PYTHONPATH": GUARD, "BBBLB_WEBHOOK_RETRY": "1"} if guarded else {})
        self.environment.update(settings or {})
        self._app = "bbblb_guard:app" if guarded else "bbblb.asgi:app"
        self.socket = f"/tmp/{self.database}.socket"
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.socket)
        self._socket.listen(200)
        for name, realm in TENANTS.items():
            values = f"('{name}', '{realm}', '{name}-secret', true)"
            self.sql(f"INSERT INTO tenants (name, realm, secret, enabled) VALUES {values}")
        self.start()

    def start(self):
        """Starts it, and waits until it answers."""
        number = self._socket.fileno()
        command = ["/opt/bbblb/bin/uvicorn", "--fd", f"{number}", "--no-access-log", self._app]
        with open(self.log, "ab") as log:
            ids = dict(zip(("user", "group"), _ids()))
            options = {"env": self.environment, "stdout": log, "stderr": log, "extra_groups": [], "cwd": "/", **ids}
            self._process = subprocess.Popen(command, pass_fds=[number], **options)
        eventually(self._answers, "BBBLB answers")

    def _answers(self):
        if self._process.poll() is not None:
            raise AssertionError(f"BBBLB has ended: {self.said()}")
        try:
            return self.ask("/bigbluebutton/api/", TENANTS["moodle"], seconds=1)[0] == 200
        except TimeoutError:
            return False

    def said(self):
        """The end of its log."""
        with open(self.log, encoding="utf-8") as log:
            return log.read()[-3000:]

    def stop(self):
        """Ends it in peace."""
        self._process.terminate()
        self._process.wait()

    def kill(self):
        """Ends it at once."""
        self._process.kill()
        self._process.wait()

    def close(self):
        """Ends it for good."""
        self.kill()
        self._socket.close()

    def sql(self, statement):
        """What its database says."""
        return sql(self.database, statement)

    def add(self, node):
        """A node that gets meetings."""
        values = f"('{node.domain}', '{nodes.SECRET}', true, 0, 0, 0, 0, '{{}}')"
        self.sql(f"INSERT INTO servers (domain, secret, enabled, health, errors, recover, load, stats) VALUES {values}")

    def command(self, *arguments, **options):
        """Its command line."""
        return as_user("bbblb", "/opt/bbblb/bin/bbblb", *arguments, env=self.environment, **options)

    def server(self, node, column):
        """A column of a node's row."""
        return self.sql(f"SELECT {column} FROM servers WHERE domain = '{node.domain}'")

    def meetings_on(self, node):
        """How many meetings it thinks a node has."""
        join = "JOIN servers ON servers.id = server_fk"
        return int(self.sql(f"SELECT count(*) FROM meetings {join} WHERE domain = '{node.domain}'"))

    def polled(self, node, times=2):
        """Waits until a node has been asked again, so often that the first answer has been worked on."""
        before = node.asked
        eventually(lambda: node.asked >= before + times, f"{node.domain} is polled")

    def call(self, tenant, action, body=None, kind="application/xml", **given):
        """A signed call of a frontend's: status and XML; None where there is none."""
        target = signed(tenant, action, **given)
        status, content = self.ask(target, TENANTS[tenant], body, {"Content-Type": kind} if body else {})
        try:
            return status, ElementTree.fromstring(content)
        except ElementTree.ParseError:
            return status, None

    def create(self, tenant, room, **given):
        """Whether a room could be created."""
        status, answer = self.call(tenant, "create", meetingID=room, name=room, **given)
        return status == 200 and answer is not None and answer.findtext("returncode") == "SUCCESS"

    def ask(self, target, host, body=None, headers=None, seconds=60):
        """Any request: status and content of the answer. One that is cut off is sent again, as nginx does."""
        try:
            return self._ask(target, host, body, headers, seconds)
        except ConnectionError:
            return self._ask(target, host, body, headers, seconds)

    def connection(self, _host, seconds=60):
        """To BBBLB itself."""
        return _Connection(self.socket, seconds)

    def _ask(self, target, host, body, headers, seconds):
        connection = self.connection(host, seconds)
        try:
            headers = {"Host": host, "Connection": "close", **(headers or {})}
            connection.request("POST" if body else "GET", target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def signed(tenant, action, **given):
    """The target of a call, with its checksum."""
    query = urllib.parse.urlencode(given)
    checksum = hashlib.sha256(f"{action}{query}{tenant}-secret".encode()).hexdigest()
    return f"/bigbluebutton/api/{action}?{query}{'&' if query else ''}checksum={checksum}"


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, seconds):
        super().__init__("balancer", timeout=seconds)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _ids():
    entry = pwd.getpwnam("bbblb")
    return entry.pw_uid, entry.pw_gid
