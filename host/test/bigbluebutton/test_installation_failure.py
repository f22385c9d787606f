"""Logs of bbb-install that people have reported (bbb-install#721, bigbluebutton#13723, #10677), and its `err`."""

import datetime
import os
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.system import acme, clock, paths
from installation import Node, order
from programs import configure_node

LIMIT = (
    "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, "
    "retry after 2026-11-27 10:00:00 UTC"
)
RATE_LIMIT = f"""An unexpected error occurred:
{LIMIT}
Ask for help or search for solutions.
Let's Encrypt SSL request for bbb-01.example.com did not succeed - exiting
"""
DNS = """Certbot failed to authenticate some domains (authenticator: webroot). The CA reported these problems:
  Domain: bbb-01.example.com
  Type:   dns
  Detail: DNS problem: NXDOMAIN looking up A for bbb-01.example.com

Some challenges have failed.
"""
FIRST = datetime.datetime(2026, 11, 26, 9, 0)


class Failing(Node):
    def setUp(self):
        super().setUp()
        self.outcome, self.installs, self.now = "failed", None, FIRST
        self.patch(mock.patch.object(clock, "utc", lambda: self.now))

    def message(self, log):
        self.on("^systemd-run", lambda command: self.put(installer.LOG, log) or self.start(command))
        self.on("show -p ActiveState bbb-install", self.ended)
        return self.fails(configure_node, order())

    def ended(self, _command):
        found, self.unit = self.unit, "failed" if self.unit == "active" else self.unit
        return f"ActiveState={found}\n"

    def test_the_telling_line_is_quoted_with_a_remedy_that_helps(self):
        again, replace = "then run again", "then replace this machine: it cannot become a node"
        for log, quoted, remedy in (
            (
                "bbb-install: You must run this command on a 64-bit server.\n",
                "a 64-bit server.",
                f"of x86 for this node, {replace}",
            ),
            (
                "bbb-install: You must run this command on Ubuntu 22.04 server.\n",
                "Ubuntu 22.04",
                f"(`nodeImage`), {replace}",
            ),
            ("E: write error - No space left on device\nlast\n", "write error", f"(`df -h`), {again}"),
            ("W: x\nTemporary failure resolving 'packages'\nlast\n", "resolving 'packages'", f"DNS, {again}"),
            ("E: Could not get lock /var/lib/dpkg/lock-frontend\n", "lock-frontend", f"wait for it, {again}"),
            ("connect: Network is unreachable\n", "Network is unreachable", f"routes, {again}"),
            (DNS, "Detail: DNS problem: NXDOMAIN", "A and AAAA records must lead to this machine"),
        ):
            with self.subTest(log=log):
                message = self.message(log)
                self.assertIn("bbb-install failed with exit status 3: ", message)
                self.assertIn(quoted, message)
                self.assertIn(remedy, message)
                self.assertEqual("run again" in message, again in remedy)

    def test_a_notice_of_apt_about_another_architecture_is_no_reason(self):
        notice = "N: Skipping acquire of configured file 'main/binary-i386/Packages' as repository "
        notice += "'https://packages.example.com jammy InRelease' doesn't support architecture 'i386'"
        message = self.message(f"{notice}\nE: Unable to locate package bigbluebutton\n")
        self.assertIn("E: Unable to locate package bigbluebutton; ", message)
        self.assertNotIn("replace this machine", message)

    def test_an_unknown_reason_gets_no_advice(self):
        message = self.message("doing\nbbb-install: the moon is not right\ncleaning up\n")
        self.assertEqual(
            message,
            "bbb-install failed with exit status 3: bbb-install: the moon is not right; "
            "/var/log/bbb-cluster/install.log says more",
        )

    def test_after_a_rate_limit_nobody_is_asked_before_the_time_that_the_ca_named(self):
        message = self.message(RATE_LIMIT)
        self.assertIn(
            f"no certificate for bbb-01.example.com: {LIMIT}; nothing is asked again before 2026-11-27", message
        )
        self.assertNotIn("DNS", message)
        self.assertNotIn("run again", message)
        self.calls = []
        for self.now in (FIRST, datetime.datetime(2026, 11, 27, 9, 59)):
            message = self.fails(configure_node, order(repair="x"))
            self.assertIn(f"{LIMIT}; nothing is asked before 2026-11-27 10:00 UTC", message)
        self.assertEqual(self.called("^systemd-run|^curl"), [])
        self.outcome, self.installs, self.now = "inactive", "3.0.30", datetime.datetime(2026, 11, 27, 10, 2)
        self.on("^systemd-run", self.start)
        self.on("show -p ActiveState bbb-install", self.state)
        configure_node(order(repair="x"))
        self.assertFalse(os.path.exists(paths.on_host(acme.LATER)))

    def test_another_acme_server_may_be_asked_meanwhile(self):
        self.message(RATE_LIMIT)
        self.message("bbb-install: other\n")
        self.calls = []
        self.fails(configure_node, order(acmeDirectory="https://acme.example.com/directory"))
        self.assertEqual(len(self.called("^systemd-run")), 1)


if __name__ == "__main__":
    unittest.main()
