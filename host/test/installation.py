"""A machine on which BigBlueButton can be installed in no time."""

import hashlib
import os
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.system import download
from support import Machine

SCRIPT = b"#!/bin/bash\necho installing\n"
RELEASE = "/etc/bigbluebutton/bigbluebutton-release"
SECRET = "\n    URL: https://bbb-01.example.com/bigbluebutton/\n    Secret: s3cr3tS3cr3t\n\n    https://mate?sharedSecret=x\n"
PEM_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ca.pem")


def order(**changes):
    """A request to install."""
    source = {"url": "https://x.example.com/bbb-install.sh", "sha256": hashlib.sha256(SCRIPT).hexdigest()}
    wanted = {
        "hostname": "bbb-01.example.com",
        "release": "3.0",
        "installer": {**source, "repository": "packages.example.com", "version": "jammy-300"},
        "email": "admin@example.com",
        "acmeDirectory": None,
        "caCertificates": [],
        "timeoutMinutes": 60,
    }
    return {**wanted, **changes}


class Node(Machine):
    def setUp(self):
        super().setUp()
        self.unit, self.polls, self.outcome = "inactive", 0, "inactive"
        self.installs = "3.0.30"
        self.on("systemctl is-enabled", "masked\n" * 5, 1)
        self.on("dpkg-query", "installed")
        self.on("bbb-conf --secret", SECRET)
        self.on("show -p ActiveState bbb-install", self.state)
        self.on("show -p ExecMainStatus", "ExecMainStatus=3\n")
        self.on("^systemd-run", self.start)
        self.patch(mock.patch.object(download, "read", lambda _url: SCRIPT))

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
