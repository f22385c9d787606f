"""A node's hand-over, whose curl is the rig's own way to BBBLB: through its socket, without nginx and TLS."""

import os
import shutil
import signal
import subprocess
from unittest import mock

import nodes
from bbb_cluster.balancer import bbblb, bbblb_database
from bbb_cluster.bigbluebutton import api
from bbb_cluster.recordings import destination, hand_over, held, marks
from bbb_cluster.system import clock, processes, progress
from bbb_cluster.system.processes import Result
from recordings import archive, identity
from waiting import eventually

HOST = "lb.example.com"
STATE = "/var/lib/bbb-cluster-of-the-node"


class HandingOver:
    """The recordings of bbb-01, and the balancer to which they go."""

    def __init__(self, test, balancer, node):
        self._balancer, self._otherwise = balancer, processes.runner
        self.minutes, self.uploads, self.secret, self.breaks_off = 0, [], nodes.SECRET, False
        for folder in (held.FOLDER, STATE):
            shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(STATE)
        wall = clock.wall
        for place, name, value in (
            (processes, "runner", self._run),
            (progress, "show", lambda _line: None),
            (clock, "wall", lambda: wall() + 60 * self.minutes),
            (api, "credentials", lambda: api.Credentials(f"https://{node.domain}/bigbluebutton/", self.secret)),
            (marks, "FOLDER", f"{STATE}/handed-over"),
            (marks, "TRIED", f"{STATE}/hand-over.json"),
            (marks, "DATABASE", f"{STATE}/database.json"),
            (hand_over, "LOCK", f"{STATE}/hand-over.lock"),
            (destination, "KEPT", f"{STATE}/recordings.json"),
            (bbblb_database, "NAME", balancer.database),
            (bbblb, "RECORDINGS", f"{balancer.folder}/recordings"),
        ):
            patcher = mock.patch.object(place, name, value)
            patcher.start()
            test.addCleanup(patcher.stop)
        destination.keep(destination.Destination("bbblb", HOST))

    def publish(self, number, tenant="moodle"):
        """A recording with one format on the node; its id."""
        record = identity(number)
        folder = f"{held.FOLDER}/published"
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive(record, tenant), check=True)
        flags = "/var/bigbluebutton/recording/status/published"
        os.makedirs(flags, exist_ok=True)
        with open(f"{flags}/{record}-presentation.done", "w", encoding="ascii"):
            pass
        return record

    def run(self):
        """What the timer does; the names of what was seen at BBBLB."""
        return hand_over.run()

    def why(self):
        """Why something is not there."""
        return [note.get("why") for note in marks.tried(HOST).values()]

    def _run(self, argv, timeout_seconds, environment, given=""):
        if argv[0] == "redis-cli":
            return Result(1)
        if argv[0] == "bash" and HOST in argv[-1]:
            return self._upload(*argv[-4:])
        if argv[0] == "curl" and HOST in argv[-1]:
            target = argv[-1].partition(HOST)[2]
            status, content = self._balancer.ask(target, HOST, None, self._token(argv))
            whole = "--output" not in argv
            return Result(0, f"{content.decode()}\n{status}" if whole else str(status))
        return self._otherwise(argv, timeout_seconds, environment, given)

    def _upload(self, place, folder, settings, url):
        self.uploads.append(folder)
        content = subprocess.run(["tar", "-c", "-C", place, folder], stdout=subprocess.PIPE, check=True).stdout
        headers = {"Content-Type": "application/x-tar", **self._token(["--config", settings])}
        if self.breaks_off:
            return self._break_off(url.partition(HOST)[2], content, headers)
        status, said = self._balancer.ask(url.partition(HOST)[2], HOST, content, headers)
        return Result(0, f"{said.decode()}\n{status}")

    def _break_off(self, target, content, headers):
        """As curl is ended when tar fails: all that tar has written is sent, and the request has no end."""
        connection = self._balancer.connection(HOST)
        connection.putrequest("POST", target, skip_host=True)
        for name, value in {"Host": HOST, **headers, "Transfer-Encoding": "chunked"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(b"%x\r\n%b\r\n" % (len(content), content))
        inbox = f"{self._balancer.folder}/recordings/inbox"
        eventually(lambda: os.listdir(inbox), "it comes in")
        connection.close()
        eventually(lambda: not os.listdir(inbox), "it is dropped")
        return Result(-signal.SIGTERM, "", "tar: metadata.xml: Cannot open: Input/output error")

    def _token(self, argv):
        if "--config" not in argv:
            return {}
        with open(argv[argv.index("--config") + 1], encoding="ascii") as file:
            return {"Authorization": file.read().partition("Authorization: ")[2].rstrip('"\n')}
