import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.system import nginx
from bbb_cluster.system.lock import Lock
from fixtures import SCRIPT
from installation import RELEASE, Node, order
from programs import configure_node, digest_of
from support import SECRET, SHOWN


def with_installer(**changes):
    """A request in which the installer differs."""
    return order(installer={**order()["installer"], **changes})


class Installing(Node):
    def test_the_installer_runs_detached_and_its_end_is_waited_for(self):
        result = configure_node(order())
        url = "https://bbb-01.example.com/bigbluebutton/"
        expected = {"request": digest_of(order()), "release": "3.0.30", "secret": SECRET, "url": url}
        self.assertEqual(result, {**expected, "changed": [], "restarted": []})
        started = self.called("^systemd-run")
        self.assertEqual(len(started), 1)
        arguments = "-v jammy-300 -s bbb-01.example.com -e admin@example.com -r packages.example.com"
        self.assertTrue(started[0].endswith(f"/bin/sh {installer.STARTER} {arguments}"), started[0])
        self.assertEqual(self.get(installer.SCRIPT), SCRIPT)

    def test_what_the_installer_asks_with_is_there_before_it_begins(self):
        self.on("dpkg-query .*(curl|wget)$", "", 1)
        configure_node(order())
        calls = [call.split()[0] for call in self.called("^systemd-run|^apt-get .* install .*curl wget$")]
        self.assertEqual(calls, ["apt-get", "systemd-run"])

    def test_a_long_name_has_room_in_nginx_before_the_installer_asks_for_a_certificate(self):
        nginx.allow_name("b" * 46)
        self.assertIsNone(self.get(nginx.NAMES))
        nginx.allow_name(f"bbb-01.{'b' * 60}.example.com")
        self.assertEqual(self.get(nginx.NAMES), b"server_names_hash_bucket_size 512;\n")

    def test_room_that_somebody_else_has_made_is_left_alone(self):
        self.put("/etc/nginx/nginx.conf", "http {\n  server_names_hash_bucket_size 128;\n}\n")
        nginx.allow_name("b" * 100)
        self.assertIsNone(self.get(nginx.NAMES))

    def test_progress_shows_the_last_line_without_secrets(self):
        configure_node(order())
        said = "\n".join(self.said)
        self.assertIn("bbb-install, 0 min: securitySalt=*** 2", said)
        self.assertNotIn("s3cr3t", said)
        self.assertNotIn("verysecret", said)

    def test_an_installed_release_is_not_installed_again(self):
        configure_node(order())
        for wanted in (order(), order(release="3.0.30")):
            self.calls = []
            configure_node(wanted)
            self.assertEqual(self.called("systemd-run"), [])

    def test_an_installation_by_hand_is_accepted(self):
        self.put(RELEASE, 'BIGBLUEBUTTON_RELEASE="3.0.12"\n')
        self.assertEqual(configure_node(order())["release"], "3.0.12")
        self.assertEqual(self.called("systemd-run"), [])

    def test_a_run_that_is_going_on_is_joined_and_not_doubled(self):
        self.put(installer.STARTER, "")
        self.start("")
        configure_node(order())
        self.assertEqual(self.called("systemd-run"), [])
        self.assertIn("joining the installation that is going on", self.said)

    def test_while_it_waits_others_may_join(self):
        def state(command):
            if self.unit == "active" and self.polls == 2:
                with Lock("other"):
                    self.polls = 1
            return self.state(command)

        self.on("show -p ActiveState bbb-install", state)
        configure_node(order())

    def test_a_failed_run_shows_its_last_lines_and_the_next_run_starts_anew(self):
        self.outcome, self.installs = "failed", None
        message = self.fails(configure_node, order())
        self.assertEqual(
            message,
            "bbb-install failed with exit status 3: securitySalt=*** 0; /var/log/bbb-cluster/install.log says more",
        )
        self.assertIn("bbb-install: Unpacking 0", self.said)
        self.outcome, self.installs = "inactive", "3.0.30"
        configure_node(order())
        self.assertEqual(len(self.called("systemd-run")), 2)
        self.assertIn("systemctl reset-failed bbb-install.service", self.calls)

    def test_packages_of_a_run_that_was_cut_off_do_not_count_as_installed(self):
        self.put(installer.STARTER, "")
        self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.30\n")
        configure_node(order())
        self.assertEqual(len(self.called("systemd-run")), 1)

    def test_a_run_without_end_is_reported_and_goes_on(self):
        self.on("show -p ActiveState bbb-install", "ActiveState=active\n")
        message = self.fails(configure_node, with_installer(timeoutMinutes=5))
        self.assertIn("still going on after 5 minutes", message)
        self.assertIn("let it end if its log still grows (/var/log/bbb-cluster/install.log), then run again", message)
        self.assertEqual(self.called("systemctl (stop|kill)"), [])

    def test_a_run_that_was_stopped_is_not_taken_for_done(self):
        self.outcome = "stopped"
        self.assertIn("was stopped before its end", self.fails(configure_node, order()))

    def test_the_wrong_release_in_the_end_is_an_error(self):
        self.installs = "3.0.29"
        self.assertIn("3.0.29 is installed, wanted is 3.0.30", self.fails(configure_node, order(release="3.0.30")))

    def test_another_line_or_an_older_release_is_refused_before_anything_runs(self):
        for here, wanted, message in (
            ("2.7.12", "3.0", "BigBlueButton 2.7.12 is installed, wanted is 3.0: replace this node"),
            ("3.0.30", "3.0.28", "there is no way back to 3.0.28"),
        ):
            self.put(RELEASE, f"BIGBLUEBUTTON_RELEASE={here}\n")
            self.assertIn(message, self.fails(configure_node, order(release=wanted)))
        self.assertEqual(self.called("systemd-run"), [])

    def test_a_pin_above_the_installed_release_upgrades(self):
        self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.28\n")
        self.assertEqual(configure_node(order(release="3.0.30"))["release"], "3.0.30")

    def test_another_name_is_reported(self):
        self.on("bbb-conf --secret", SHOWN.replace("bbb-01.", "old."))
        self.assertIn("calls itself old.example.com, expected bbb-01", self.fails(configure_node, order()))

    def test_requests_with_holes_are_refused_by_name(self):
        for change, message in (
            ({"hostname": None}, "the request has no `hostname`"),
            ({"hostname": "bbb 01"}, "`hostname` must be a host name"),
            ({"release": "three"}, "`three` is not a BigBlueButton release"),
            ({"skipChecks": True}, "`skipChecks` is not a known key of the request; known keys: hostname, "),
            (with_installer(timeoutMinutes="60"), "`timeoutMinutes` in the request must be a number, got str"),
            (with_installer(sha="abc"), "`sha` is not a known key of `installer`; known keys: url, sha256, "),
            ({"caCertificates": ["nonsense"]}, "extra CA certificate 1 is not a PEM certificate"),
            (with_installer(sha256="abc"), "must be 64 hexadecimal digits"),
        ):
            self.assertIn(message, self.fails(configure_node, order(**change)))
        self.assertEqual(self.calls, [])


if __name__ == "__main__":
    unittest.main()
