import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import closed_site, cordons, installer, pending
from busy_node import answer
from installation import RELEASE, Node, order
from programs import configure_node
from support import Result


def upgrade(when="whenEmpty"):
    """A request for a release above the one that is installed."""
    return order(release="3.0.30", restart=when)


class Upgrading(Node):
    def setUp(self):
        super().setUp()
        self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.28\n")
        self.meetings = list
        self.on("^curl .*getMeetings", lambda _c: answer(self.meetings()))
        self.on(
            "^curl .*/create[?]", lambda _c: "nodeClosed\n200" if self.get(closed_site.CONF) else "checksumError\n200"
        )

    def starts(self):
        return len(self.called("^systemd-run"))

    def test_an_upgrade_of_an_empty_node_begins_at_once(self):
        self.assertEqual(configure_node(upgrade())["release"], "3.0.30")
        self.assertEqual((self.get(closed_site.CONF), self.starts()), (None, 1))

    def test_the_node_takes_no_new_meetings_until_the_installer_has_ended(self):
        seen = []
        self.on("show -p ActiveState bbb-install", lambda c: seen.append(self.closed_while_active()) or self.state(c))
        configure_node(upgrade())
        self.assertEqual({closed for active, closed in seen if active}, {True})
        self.assertIsNone(self.get(closed_site.CONF))

    def closed_while_active(self):
        return self.unit == "active", self.get(closed_site.CONF) is not None

    def test_an_upgrade_that_would_end_meetings_is_kept_until_the_node_is_empty(self):
        self.meetings = lambda: [("a", 10), ("b", 4)]
        current = self.everything()
        self.assertEqual(configure_node(upgrade())["pending"], "installing BigBlueButton 3.0.30")
        self.assertEqual((self.everything(), self.starts(), self.time), (current, 0, 0))
        self.assertEqual(self.called("systemctl (mask|stop)|apt-get"), [])

    def test_a_failed_upgrade_opens_the_node_again(self):
        self.outcome, self.installs = "failed", None
        self.assertIn("bbb-install failed", self.fails(configure_node, upgrade()))
        self.assertEqual((self.get(closed_site.CONF), self.get(cordons.DEFINITION)), (None, None))

    def test_with_restart_now_meetings_are_not_even_asked_for(self):
        self.meetings = lambda: [("a", 10)]
        for wanted in (upgrade("now"), order(release="3.0.30")):
            self.put(RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.28\n")
            # Cut off or not.
            self.put(installer.STARTER, "")
            configure_node(wanted)
        self.assertEqual((self.called("getMeetings"), self.starts()), ([], 2))

    def test_what_needs_no_upgrade_waits_for_nobody(self):
        self.meetings = lambda: [("a", 10)]
        configure_node({**upgrade(), "release": "3.0"})
        self.assertEqual((self.called("getMeetings"), self.starts()), ([], 0))

    def test_an_interrupted_installation_without_an_api_goes_on_at_once(self):
        self.put(installer.STARTER, "")
        self.on("^curl .*getMeetings", Result(7, "", "curl: (7) refused"))
        configure_node(upgrade())
        self.assertLess(self.time, 60)
        finished, started = (
            self.calls.index(self.called(call)[0]) for call in ("^dpkg .*--configure -a", "^systemd-run")
        )
        self.assertLess(finished, started)

    def test_an_interrupted_installation_on_which_meetings_run_waits_for_them(self):
        self.put(installer.STARTER, "")
        self.meetings = lambda: [("a", 10)]
        configure_node(upgrade())
        self.assertEqual((pending.summary()["what"], self.starts()), (["installing BigBlueButton 3.0.30"], 0))

    def test_the_next_run_clears_up_after_one_that_was_killed(self):
        self.put(closed_site.CONF, "closed")
        self.put(cordons.DEFINITION, "")
        configure_node({**upgrade(), "release": "3.0"})
        self.assertEqual((self.get(closed_site.CONF), self.get(cordons.DEFINITION)), (None, None))

    def test_another_policy_than_now_or_when_empty_is_refused_before_anything_runs(self):
        self.assertIn("must be now or whenEmpty", self.fails(configure_node, upgrade("later")))
        self.assertEqual(self.calls, [])


class Hanging(Node):
    """An installer that has been going on since the machine's second 5."""

    def setUp(self):
        super().setUp()
        self.put(installer.STARTER, "")
        self.put(installer.LOG, "Waiting for dpkg\nsecuritySalt=verysecret\n")
        self.unit, self.polls = "active", 10**6
        self.on("show -p ActiveEnterTimestampMonotonic", "ActiveEnterTimestampMonotonic=5000000\n")
        self.on("show -p ActiveState", lambda _c: self.state("") if self.polls < 10 else f"ActiveState={self.unit}\n")
        self.on("systemctl stop bbb-install", self.stop)

    def stop(self, _command):
        self.unit = "failed"
        return ""

    def test_a_run_that_is_older_than_its_time_is_stopped_and_started_anew(self):
        self.time = 5 + 61 * 60
        self.assertEqual(configure_node(order())["release"], "3.0.30")
        self.assertIn(
            "the installation does not end: stopping it after 61 minutes, its last line: securitySalt=***", self.said
        )
        stopped, reset = "systemctl stop bbb-install.service", "systemctl reset-failed bbb-install.service"
        started = self.calls.index(self.called("^systemd-run")[0])
        order_of = [self.calls.index(self.called(call)[0]) for call in (stopped, "^dpkg .*--configure -a", reset)]
        self.assertEqual([*order_of, started], sorted([*order_of, started]))
        self.assertLess(self.time, 5 + 63 * 60)

    def test_a_run_within_its_time_is_joined_and_stopped_by_nobody(self):
        for since in ("5000000", "0", ""):
            self.time = 5 + 59 * 60 if since == "5000000" else 10**6
            self.on("show -p ActiveEnterTimestampMonotonic", f"ActiveEnterTimestampMonotonic={since}\n")
            self.assertIn("still going on after 60 minutes", self.fails(configure_node, order()))
        self.assertEqual(self.called("systemctl (stop|kill) bbb|^systemd-run"), [])

    def test_a_run_that_cannot_be_stopped_is_not_doubled(self):
        self.time = 10**5
        self.on("systemctl stop bbb-install", Result(1, "", "Access denied"))
        self.assertIn("cannot be stopped: `systemctl stop bbb-install", self.fails(configure_node, order()))
        self.assertEqual(self.called("^systemd-run"), [])


if __name__ == "__main__":
    unittest.main()
