"""A machine that exists only in a temporary folder, for the tests of the host programs."""

import os
import re
import sys
import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

# The program's folder travels to machines as it is: no compiled files in it.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from bbb_cluster.system import clock, paths, processes, progress  # noqa: E402
from bbb_cluster.system.failure import Failure  # noqa: E402
from bbb_cluster.system.processes import Result  # noqa: E402

RUNNING = "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNRestarts=0\n"
FINE = "\n200"
# When a test begins: in the year 2026.
START = 1_795_000_000
SECRET = "s3cr3tS3cr3t"
SHOWN = (
    f"\n    URL: https://bbb-01.example.com/bigbluebutton/\n    Secret: {SECRET}\n\n    https://mate?sharedSecret=x\n"
)
DISK = SimpleNamespace(f_blocks=1000, f_bfree=500, f_bavail=500)
# What programs answer on a machine that is in order.
ALWAYS = {
    "bbb-conf --secret": Result(0, SHOWN),
    "dpkg-query": Result(0, "installed"),
    "systemctl is-enabled": Result(1, "masked\n" * 5),
    "systemctl show -p ActiveState bbb-install": Result(0, "ActiveState=inactive\n"),
}


def allowed(origin, credentials="true", status="204"):
    """The head of an answer that allows an origin what it asks for."""
    headers = f"Access-Control-Allow-Origin: {origin}\r\naccess-control-allow-credentials: {credentials}\r\n"
    return f"HTTP/2 {status} \r\n{headers}\r\n"


class Machine(unittest.TestCase):
    """A test with a root folder, programs that only pretend, a clock that jumps and no output."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.calls, self.inputs, self.said, self.time, self.answers = [], [], [], 0.0, []
        self.patch(mock.patch.dict(os.environ, {"BBB_CLUSTER_ROOT": self.root}))
        self.patch(mock.patch("os.fsync", lambda _descriptor: None))
        self.patch(mock.patch.object(processes, "runner", self.run_program))
        self.patch(mock.patch.object(clock, "now", lambda: self.time))
        self.patch(mock.patch.object(clock, "sleep", self.sleep))
        self.patch(mock.patch.object(clock, "wall", lambda: START + self.time))
        # Half of its disk is free.
        self.patch(mock.patch.object(os, "statvfs", lambda _path: DISK))
        self.patch(mock.patch.object(progress, "show", lambda line: self.said.append(line)))

    def patch(self, patcher):
        patcher.start()
        self.addCleanup(patcher.stop)

    def sleep(self, seconds):
        self.time += seconds

    def on(self, pattern, answer, status=0):
        """Answers calls that match: a text, a Result or a function of the command line; the newest rule wins."""
        self.answers.insert(0, (pattern, answer, status))

    def run_program(self, argv, _timeout_seconds, environment, given=""):
        command = " ".join(argv)
        self.calls.append(command)
        self.inputs.append((command, given, environment))
        for pattern, answer, status in self.answers:
            if re.search(pattern, command, re.DOTALL):
                answer = answer(command) if callable(answer) else answer
                return answer if isinstance(answer, Result) else Result(status, answer)
        for beginning, answer in ALWAYS.items():
            if command.startswith(beginning):
                return answer
        origin = re.search(r"--dump-header .*Origin: (\S+)", command)
        if origin:
            return Result(0, allowed(origin.group(1)))
        if command.startswith("pgrep"):
            return Result(0, f"{len(self.called('reload-or-restart nginx'))}01\n")
        if command.startswith("systemctl show"):
            return Result(0, RUNNING)
        return Result(0, FINE if command.startswith("curl") else "")

    def put(self, path, content, mode=0o644):
        place = paths.on_host(path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(place, mode)

    def get(self, path):
        try:
            with open(paths.on_host(path), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def mode(self, path):
        return os.stat(paths.on_host(path)).st_mode & 0o777

    def everything(self, without=paths.STATE):
        """All files with content and mode."""
        found = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = "/" + os.path.relpath(os.path.join(folder, name), self.root)
                if not without or not path.startswith(without):
                    found[path] = (self.get(path), self.mode(path))
        return found

    def called(self, pattern):
        return [call for call in self.calls if re.search(pattern, call)]

    def fails(self, step, *arguments):
        """Runs a step that has to fail and returns its message."""
        with self.assertRaises(Failure) as raised:
            step(*arguments)
        return str(raised.exception)
