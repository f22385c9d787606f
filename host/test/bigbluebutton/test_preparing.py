import fcntl
import hashlib
import os
import socket
import ssl
import unittest
import urllib.error
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installed_release
from bbb_cluster.system import apt, download, paths
from installation import RELEASE, Node, order
from programs import configure_node
from support import Machine, Result


class Preparing(Node):
    def test_unattended_upgrades_are_off_before_the_installation(self):
        self.on("systemctl is-enabled", "enabled\n" * 5)
        configure_node(order())
        self.assertIn(b'Unattended-Upgrade "0"', self.get(apt.QUIET_PATH))
        units = "apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service"
        masked = self.calls.index(f"systemctl mask {units} unattended-upgrades.service")
        stopped = self.calls.index(f"systemctl stop {units}")
        asked = self.calls.index("systemctl stop --no-block unattended-upgrades.service")
        self.assertTrue(masked < stopped < asked < self.calls.index(self.called("systemd-run")[0]))

    def test_the_installer_starts_when_nobody_holds_a_lock_of_apt(self):
        for held in apt.LOCKS:
            begin = self.time
            until = self.hold(held, 90)
            self.on("^systemd-run", lambda c, until=until: self.assertGreaterEqual(self.time, until) or self.start(c))
            configure_node(order())
            self.assertIn("waiting while packages are being installed on this machine", self.said)
            self.assertGreaterEqual(self.time, begin + 90)
            os.unlink(paths.on_host(RELEASE))
        self.assertEqual(len(self.called("^systemd-run")), 2)

    def test_a_lock_that_is_never_given_back_is_named_after_ten_minutes(self):
        self.hold(apt.LOCKS[1], 10**6)
        message = self.fails(configure_node, order())
        self.assertIn("still being installed on this machine (/var/lib/apt/lists/lock): run again", message)
        self.assertLess(abs(self.time - 600), 20)
        self.assertEqual(self.called("^systemd-run"), [])

    def hold(self, path, seconds):
        """Somebody holds a lock from now on; returns until when."""
        until = self.time + seconds
        self.put(path, "")

        def lockf(file, _operation):
            if file.name == paths.on_host(path) and self.time < until:
                raise BlockingIOError

        self.patch(mock.patch.object(fcntl, "lockf", lockf))
        return until

    def test_the_first_boot_is_waited_for_first(self):
        configure_node(order())
        self.assertEqual(self.calls[0], "cloud-init status --wait")


class Downloading(Machine):
    def fetch(self, read, sha256="0" * 64):
        with mock.patch.object(download, "read", read):
            return download.fetch("https://x.example.com/i.sh", sha256)

    def test_a_file_with_another_hash_is_refused(self):
        message = self.fails(self.fetch, lambda _url: b"changed")
        self.assertIn("expected SHA-256 000", message)
        self.assertIn(hashlib.sha256(b"changed").hexdigest(), message)

    def test_each_kind_of_failure_names_a_remedy_after_three_tries(self):
        verify = ssl.SSLCertVerificationError(1, "bad")
        verify.verify_message = "self-signed certificate"
        for error, words in (
            (urllib.error.HTTPError("u", 404, "no", {}, None), "HTTP status 404; look at `installer.url`"),
            (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), "this machine's DNS"),
            (urllib.error.URLError(verify), "add its CA to `extraCaCertificates`"),
            (socket.timeout("timed out"), "does not answer in time"),
            (urllib.error.URLError(ConnectionRefusedError(111, "Connection refused")), "Connection refused"),
        ):
            tries = []

            def read(_url, error=error, tries=tries):
                tries.append(1)
                raise error

            self.assertIn(words, self.fails(self.fetch, read))
            self.assertEqual(len(tries), 3)

    def test_other_schemes_are_refused(self):
        self.assertIn("must begin with https://", self.fails(download.fetch, "file:///etc/passwd", "0" * 64))


class Packages(Machine):
    def test_a_source_that_is_broken_stops_nothing_when_the_packages_are_there(self):
        # bbb-install#414
        broken = (
            "W: GPG error: https://other.example.org stable InRelease: EXPKEYSIG ABC\n"
            "E: The repository 'https://other.example.org stable InRelease' is not signed.\n"
        )
        self.on("dpkg-query", "", 1)
        self.on("apt-get .*update", Result(100, "", broken))
        apt.install(["nginx"])
        self.assertEqual(len(self.called("apt-get .*install")), 1)
        self.on("apt-get .*install", Result(100, "", "E: Unable to locate package nginx\n"))
        expected = (
            "nginx cannot be installed; `apt-get update` said: E: The repository 'https://other.example.org stable "
            "InRelease' is not signed.; `apt-get install` said: E: Unable to locate package nginx"
        )
        self.assertEqual(self.fails(apt.install, ["nginx"]), expected)

    def test_apt_is_tried_three_times_and_waits_for_the_lock(self):
        self.on("dpkg-query", "", 1)
        self.on("apt-get .*install", Result(100, "", "E: Could not get lock /var/lib/dpkg/lock\n"))
        self.assertIn(
            "nginx cannot be installed; `apt-get install` said: E: Could not get lock",
            self.fails(apt.install, ["nginx"]),
        )
        self.assertEqual(len(self.called("apt-get .* install --yes")), 3)
        self.assertIn("DPkg::Lock::Timeout=300", self.called("apt-get")[0])

    def test_an_interrupted_dpkg_is_finished_first(self):
        self.on("dpkg-query", "", 1)
        self.on("apt-get .*install", Result(100, "", "E: dpkg was interrupted, run 'dpkg --configure -a'"))
        self.on("^dpkg .*--configure -a", lambda _command: self.on("apt-get .*install", "") or "")
        apt.install(["nginx"])
        # It asks about files that were edited, and nobody is there to answer.
        self.assertEqual(self.called("^dpkg .*-a"), ["dpkg --force-confdef --force-confold --configure -a"])

    def test_what_is_installed_needs_no_network(self):
        self.on("dpkg-query", "installed")
        apt.install(["nginx", "certbot"])
        self.assertEqual(self.called("apt-get"), [])


class ReleaseFile(Machine):
    def test_the_installed_release_is_read_from_its_line(self):
        self.put(RELEASE, "# BIGBLUEBUTTON_RELEASE=1\nBIGBLUEBUTTON_RELEASE=3.0.30\n")
        self.assertEqual(installed_release.installed(), "3.0.30")
        self.put(RELEASE, "{}")
        self.assertIn("does not say BIGBLUEBUTTON_RELEASE", self.fails(installed_release.installed))


if __name__ == "__main__":
    unittest.main()
