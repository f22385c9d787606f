import hashlib
import json
import os
import unittest
import urllib.error
from unittest import mock

import support  # noqa: F401
from bbb_cluster import apt, download, installer, paths
from bbb_cluster.install_node import install_node
from support import Machine, Result

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


class Installing(Machine):
    def setUp(self):
        super().setUp()
        self.unit, self.polls, self.outcome = "inactive", 0, "inactive"
        self.installs = "3.0.30"
        self.on("systemctl is-enabled", "masked\nmasked\nmasked\n", 1)
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

    def test_the_installer_runs_detached_and_its_end_is_waited_for(self):
        result = install_node(order())
        url = "https://bbb-01.example.com/bigbluebutton/"
        self.assertEqual(result, {"release": "3.0.30", "secret": "s3cr3tS3cr3t", "url": url})
        started = self.called("^systemd-run")
        self.assertEqual(len(started), 1)
        arguments = "-v jammy-300 -s bbb-01.example.com -e admin@example.com -r packages.example.com"
        self.assertTrue(started[0].endswith(f"/bin/sh {installer.STARTER} {arguments}"), started[0])
        self.assertEqual(self.get(installer.SCRIPT), SCRIPT)

    def test_progress_shows_the_last_line_without_secrets(self):
        install_node(order())
        said = "\n".join(self.said)
        self.assertIn("bbb-install, 0 min: securitySalt=*** 2", said)
        self.assertNotIn("s3cr3t", said)
        self.assertNotIn("verysecret", said)

    def test_an_installed_release_is_not_installed_again(self):
        install_node(order())
        for wanted in (order(), order(release="3.0.30")):
            self.calls = []
            install_node(wanted)
            self.assertEqual(self.called("systemd-run"), [])

    def test_an_installation_by_hand_is_accepted(self):
        self.put(RELEASE, 'BIGBLUEBUTTON_RELEASE="3.0.12"\n')
        self.assertEqual(install_node(order())["release"], "3.0.12")
        self.assertEqual(self.called("systemd-run"), [])

    def test_a_run_that_is_going_on_is_joined_and_not_doubled(self):
        self.put(installer.STARTER, "")
        self.start("")
        install_node(order())
        self.assertEqual(self.called("systemd-run"), [])
        self.assertIn("joining the installation that is going on", self.said)

    def test_while_it_waits_others_may_join(self):
        from bbb_cluster.lock import Lock

        def state(command):
            if self.unit == "active" and self.polls == 2:
                with Lock("other"):
                    self.polls = 1
            return self.state(command)

        self.on("show -p ActiveState bbb-install", state)
        install_node(order())

    def test_a_failed_run_shows_its_last_lines_and_the_next_run_starts_anew(self):
        self.outcome, self.installs = "failed", None
        sentence = self.fails(install_node, order())
        self.assertEqual(
            sentence,
            "bbb-install failed with exit status 3 (securitySalt=*** 0); read /var/log/bbb-cluster/install.log, "
            "then run again",
        )
        self.assertIn("bbb-install: Unpacking 0", self.said)
        self.outcome, self.installs = "inactive", "3.0.30"
        install_node(order())
        self.assertEqual(len(self.called("systemd-run")), 2)
        self.assertIn("systemctl reset-failed bbb-install.service", self.calls)

    def test_packages_of_a_run_that_was_cut_off_do_not_count_as_installed(self):
        self.put(installer.STARTER, "")
        self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.30\n")
        install_node(order())
        self.assertEqual(len(self.called("systemd-run")), 1)

    def test_known_troubles_name_their_remedy(self):
        self.outcome, self.installs = "failed", None
        for line, remedy in (
            ("E: write error - No space left on device", "the disk is full"),
            ("Temporary failure resolving 'packages'", "look at this machine's DNS"),
            ("Some challenges have failed.", "port 80 must be open"),
        ):
            with mock.patch.object(installer, "tail", lambda count, line=line: [line]):
                self.assertIn(remedy, self.fails(install_node, order()))

    def test_a_run_without_end_is_reported_and_goes_on(self):
        self.on("show -p ActiveState bbb-install", "ActiveState=active\n")
        sentence = self.fails(install_node, order(timeoutMinutes=5))
        self.assertIn("still going on after 5 minutes", sentence)
        self.assertIn("run again to wait on, or stop it with `systemctl stop bbb-install`", sentence)
        self.assertEqual(self.called("systemctl (stop|kill)"), [])

    def test_a_run_that_was_stopped_is_not_taken_for_done(self):
        self.outcome = "stopped"
        self.assertIn("was stopped before its end", self.fails(install_node, order()))

    def test_the_wrong_release_in_the_end_is_an_error(self):
        self.installs = "3.0.29"
        self.assertIn("3.0.29 is installed, wanted is 3.0.30", self.fails(install_node, order(release="3.0.30")))

    def test_another_line_or_an_older_release_is_refused_before_anything_runs(self):
        for here, wanted, sentence in (
            ("2.7.12", "3.0", "BigBlueButton 2.7.12 is installed, wanted is 3.0: replace this node"),
            ("3.0.30", "3.0.28", "there is no way back to 3.0.28"),
        ):
            self.put(RELEASE, f"BIGBLUEBUTTON_RELEASE={here}\n")
            self.assertIn(sentence, self.fails(install_node, order(release=wanted)))
        self.assertEqual(self.called("systemd-run"), [])

    def test_a_pin_above_the_installed_release_upgrades(self):
        self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.28\n")
        self.assertEqual(install_node(order(release="3.0.30"))["release"], "3.0.30")

    def test_another_name_is_reported(self):
        self.on("bbb-conf --secret", SECRET.replace("bbb-01.", "old."))
        self.assertIn("calls itself old.example.com, expected bbb-01", self.fails(install_node, order()))

    def test_checks_are_skipped_only_on_demand(self):
        install_node(order(skipChecks=True))
        self.assertTrue(self.called("systemd-run")[0].endswith(" -j"))

    def test_requests_with_holes_are_refused_by_name(self):
        for change, sentence in (
            ({"hostname": None}, "the request has no `hostname`"),
            ({"hostname": "bbb 01"}, "`hostname` must be a host name"),
            ({"release": "three"}, "`three` is not a BigBlueButton release"),
            ({"timeoutMinutes": "60"}, "`timeoutMinutes` in the request must be a number, got str"),
            ({"caCertificates": ["nonsense"]}, "extra CA certificate 1 is not a PEM certificate"),
            ({"installer": {**order()["installer"], "sha256": "abc"}}, "must be 64 hexadecimal digits"),
        ):
            self.assertIn(sentence, self.fails(install_node, order(**change)))
        self.assertEqual(self.calls, [])


class Preparing(Installing):
    def test_an_extra_authority_is_trusted_once_and_dropped_when_no_longer_wanted(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        self.put("/usr/local/share/ca-certificates/bbb-cluster/02.crt", "old")
        install_node(order(caCertificates=[pem]))
        install_node(order(caCertificates=[pem]))
        folder = paths.on_host("/usr/local/share/ca-certificates/bbb-cluster")
        self.assertEqual(os.listdir(folder), ["01.crt"])
        self.assertEqual(self.called("update-ca"), ["update-ca-certificates --fresh"])
        install_node(order())
        self.assertEqual(os.listdir(folder), [])

    def test_an_update_of_the_trusted_certificates_that_failed_is_repeated(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        self.on("update-ca", "", 1)
        self.fails(install_node, order(caCertificates=[pem]))
        self.on("update-ca", "")
        install_node(order(caCertificates=[pem]))
        self.assertEqual(len(self.called("update-ca")), 2)

    def test_certbot_s_file_keeps_its_other_settings(self):
        text = "# Because we are using logrotate\nmax-log-backups = 0\n"
        self.put("/etc/letsencrypt/cli.ini", text)
        install_node(order(acmeDirectory="https://acme.example.com/dir"))
        self.assertEqual(self.get("/etc/letsencrypt/cli.ini").decode(), text + "server=https://acme.example.com/dir\n")
        install_node(order())
        self.assertEqual(self.get("/etc/letsencrypt/cli.ini").decode(), text)

    def test_unattended_upgrades_are_off_before_the_installation(self):
        self.on("systemctl is-enabled", "enabled\nenabled\nenabled\n")
        install_node(order())
        self.assertIn(b'Unattended-Upgrade "0"', self.get(apt.QUIET_PATH))
        masked = self.calls.index(self.called("systemctl mask --now apt-daily.timer")[0])
        self.assertLess(masked, self.calls.index(self.called("systemd-run")[0]))

    def test_the_first_boot_is_waited_for_first(self):
        install_node(order())
        self.assertEqual(self.calls[0], "cloud-init status --wait")


class Downloading(Machine):
    def fetch(self, read, sha256="0" * 64):
        with mock.patch.object(download, "read", read):
            return download.fetch("https://x.example.com/i.sh", sha256)

    def test_a_file_with_another_hash_is_refused(self):
        sentence = self.fails(self.fetch, lambda _url: b"changed")
        self.assertIn("expected SHA-256 000", sentence)
        self.assertIn(hashlib.sha256(b"changed").hexdigest(), sentence)

    def test_each_kind_of_failure_names_a_remedy_after_three_tries(self):
        import socket
        import ssl

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
    def test_apt_is_tried_three_times_and_waits_for_the_lock(self):
        self.on("dpkg-query", "", 1)
        self.on("apt-get .*install", Result(100, "", "E: Could not get lock /var/lib/dpkg/lock\n"))
        self.assertIn("nginx cannot be installed: E: Could not get lock", self.fails(apt.install, ["nginx"]))
        self.assertEqual(len(self.called("apt-get .* install --yes")), 3)
        self.assertIn("DPkg::Lock::Timeout=300", self.called("apt-get")[0])

    def test_an_interrupted_dpkg_is_finished_first(self):
        self.on("dpkg-query", "", 1)
        self.on("apt-get .*install", Result(100, "", "E: dpkg was interrupted, run 'dpkg --configure -a'"))
        self.on("dpkg --configure -a", lambda _command: self.on("apt-get .*install", "") or "")
        apt.install(["nginx"])
        self.assertEqual(len(self.called("dpkg --configure")), 1)

    def test_what_is_installed_needs_no_network(self):
        self.on("dpkg-query", "installed")
        apt.install(["nginx", "certbot"])
        self.assertEqual(self.called("apt-get"), [])


class Records(Machine):
    def test_the_release_file_s_last_word_counts(self):
        self.put(RELEASE, "# BIGBLUEBUTTON_RELEASE=1\nBIGBLUEBUTTON_RELEASE=3.0.30\n")
        from bbb_cluster import release

        self.assertEqual(release.installed(), "3.0.30")
        self.put(RELEASE, json.dumps({}))
        self.assertIn("does not say BIGBLUEBUTTON_RELEASE", self.fails(release.installed))


if __name__ == "__main__":
    unittest.main()
