"""A machine on which BigBlueButton can be installed in no time."""

import os
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.system import download
from support import Machine

RELEASE = fixtures.RELEASE
PEM_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ca.pem")


def order(**changes):
    """A request to install, without any settings."""
    return fixtures.manifest([], **changes)


class Node(Machine):
    def setUp(self):
        super().setUp()
        self.unit, self.polls, self.outcome = "inactive", 0, "inactive"
        self.installs = "3.0.30"
        self.on("show -p ActiveState bbb-install", self.state)
        self.on("show -p ExecMainStatus", "ExecMainStatus=3\n")
        self.on("^systemd-run", self.start)
        self.patch(mock.patch.object(download, "read", lambda _url: fixtures.SCRIPT))

    def start(self, _command):
        self.unit, self.polls = "active", 3
        return ""

    def state(self, _command):
        if self.unit == "active":
            self.polls -= 1
            self.put(installer.LOG, f"Unpacking {self.polls}\nsecuritySalt=verysecret {self.polls}\n")
            if self.polls <= 0:
                self.end()
        return f"ActiveState={self.unit}\n"

    def end(self):
        self.unit = self.outcome
        if self.installs:
            self.put(RELEASE, f"# comment\nBIGBLUEBUTTON_RELEASE={self.installs}\n")
        if self.outcome == "inactive":
            self.put(installer.FINISHED, "")
