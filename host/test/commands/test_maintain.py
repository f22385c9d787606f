import os
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import closed_site, recordings
from bbb_cluster.system import paths
from bbb_cluster.updates import due, packages, schedule
from maintained import NEW, OLD, Maintained
from support import Result

REBOOT = "systemctl reboot"


class WithPeople(Maintained):
    """On a node with a meeting, at any time of day."""

    def setUp(self):
        super().setUp()
        self.meetings = ["lecture"]
        self.updates = ["libssl3", "redis-server", "nginx"]
        self.on("^unattended-upgrade", lambda c: self.runs("nginx.service", OLD) or self.unattended(c))
        self.put(due.REBOOT, "")

    def test_security_updates_are_applied_and_nothing_of_bigbluebutton_is_touched(self):
        result = self.maintain()
        self.assertEqual(self.disturbances(), [])
        self.assertEqual(result["held"], ["nginx", "redis-server"])
        self.assertEqual((result["old"], result["reboot"]), (["nginx.service"], []))
        self.assertEqual(result["left"], "1 meeting with 0 people")

    def test_no_package_and_no_needrestart_restarts_anything_meanwhile(self):
        self.maintain()
        environment = self.environments["unattended-upgrade --verbose"]
        self.assertEqual(environment["NEEDRESTART_SUSPEND"], "1")
        self.assertEqual(environment[packages.KEEP_RUNNING], "1")
        self.assertEqual(environment["DEBIAN_FRONTEND"], "noninteractive")
        self.assertIn(b'"--force-confold";', self.get(packages.CONFIGURATION))

    def test_it_waits_until_the_window_closes_and_takes_meetings_all_the_while(self):
        self.on("^curl .*getMeetings", lambda _c: self.assertIsNone(self.get(closed_site.CONF)) or self.listed())
        self.maintain()
        self.assertTrue(110 * 60 <= self.time <= 121 * 60, self.time)

    def test_what_updates_take_of_the_window_is_not_added_at_its_end(self):
        self.on("^date", lambda _c: f"{3 + int(self.time) // 3600:02}:{int(self.time) // 60 % 60:02}")
        self.on("^unattended-upgrade", lambda c: self.sleep(90 * 60) or self.unattended(c))
        self.assertEqual(self.maintain()["left"], "1 meeting with 0 people")
        self.assertTrue(110 * 60 <= self.time <= 121 * 60, self.time)

    def test_outside_of_the_window_it_does_not_even_ask(self):
        self.now = "12:00"
        self.assertEqual(self.maintain()["left"], "the maintenance window is not open")
        self.assertEqual((self.called("getMeetings"), self.disturbances(), self.time), ([], [], 0))

    def test_now_it_does_not_wait(self):
        self.now = "12:00"
        self.assertEqual(self.maintain(now=True)["left"], "1 meeting with 0 people")
        self.assertEqual((self.disturbances(), self.time), ([], 0))

    def test_recordings_in_work_are_people_too(self):
        self.meetings = []
        self.put(f"{recordings.STATUS}/recorded/0a-1.done", "")
        self.assertEqual(self.maintain(now=True)["left"], "1 recording in work")
        os.unlink(paths.on_host(f"{recordings.STATUS}/recorded/0a-1.done"))
        self.on("redis-cli --raw smembers resque:queues", "rap:archive\nrap:publish\nother\n")
        self.on("redis-cli --raw llen resque:queue:rap:publish", "2\n")
        self.on("redis-cli --raw smembers resque:workers", "bbb:100:rap:archive\nbbb:99999:rap:archive\n")
        self.on("redis-cli --raw exists resque:worker:", "1\n")
        self.assertEqual(self.maintain(now=True)["left"], "3 recordings in work")
        self.assertEqual(self.disturbances(), [])

    def test_meetings_that_bbb_web_may_have_forgotten_are_people_too(self):
        self.meetings, self.time = [], 100_000
        began = {"bbb-web": 95_000, "bbb-apps-akka": 50_000}
        show = "ActiveEnterTimestampMonotonic="
        self.on(f"systemctl show -p {show[:-1]} bbb", lambda c: f"{show}{began[c.split()[-1]] * 10**6}\n")
        self.assertIn("an unknown number of meetings (bbb-web was started 1 hours ago", self.maintain(now=True)["left"])
        began["bbb-apps-akka"] = 94_900
        self.assertEqual(self.maintain(now=True)["left"], "")

    def test_an_api_that_does_not_answer_is_no_empty_node(self):
        self.on("^curl .*getMeetings", Result(7, "", "curl: (7) refused"))
        self.assertIn("it is not known whether meetings are running", self.maintain(now=True)["left"])
        self.assertEqual(self.disturbances(), [])

    def test_a_meeting_that_begins_while_the_node_closes_is_waited_for(self):
        self.meetings = lambda: ["quick"] if self.get(closed_site.CONF) or self.time else []
        self.assertEqual(self.maintain()["left"], "1 meeting with 0 people")
        self.assertEqual(
            (self.disturbances(), self.get(closed_site.CONF)), (["systemctl reload-or-restart nginx"] * 2, None)
        )


class Empty(Maintained):
    """On a node without meetings, in the window."""

    def setUp(self):
        super().setUp()
        self.updates = ["libssl3", "redis-server", "nginx"]
        self.runs("ssh.service", OLD)
        self.runs("redis-server.service", OLD)

    def test_what_was_held_is_upgraded_and_what_ran_on_old_libraries_restarted(self):
        result = self.maintain()
        self.assertEqual(result, {"left": "", "held": [], "waiting": [], "old": [], "reboot": None})
        upgraded = self.called("--only-upgrade")
        self.assertEqual(len(upgraded), 1)
        self.assertTrue(upgraded[0].endswith(" --only-upgrade nginx redis-server"))
        done = [call for call in self.disturbances() if "reload" not in call]
        self.assertEqual(done, [upgraded[0], "bbb-conf --restart", "systemctl restart ssh.service"])

    def test_it_waits_for_the_last_meeting_and_closes_for_the_work_alone(self):
        self.meetings = lambda: ["lecture"] if self.time < 1800 else []
        closed = []
        self.on("^bbb-conf --restart", lambda c: closed.append(bool(self.get(closed_site.CONF))) or self.restart(c))
        self.maintain()
        self.assertEqual((closed, self.get(closed_site.CONF)), ([True], None))
        self.assertTrue(1800 <= self.time < 1900, self.time)

    def test_an_hour_that_the_clock_leaves_out_is_not_added_to_the_window(self):
        self.meetings = lambda: ["lecture"] if self.time < 90 * 60 else []
        self.on("^date", lambda _c: f"{3 + (int(self.time) + 3600 * (self.time > 1800)) // 3600:02}:00")
        self.assertEqual(self.maintain()["left"], "the maintenance window is not open")
        self.assertEqual(self.disturbances(), [])

    def test_where_a_reboot_is_due_that_is_all_that_is_restarted(self):
        self.put(due.REBOOT, "")
        self.maintain()
        self.assertEqual(len(self.called(REBOOT)), 1)
        self.assertEqual(self.called("bbb-conf --restart|systemctl restart"), [])

    def test_where_nothing_is_due_nothing_is_closed_or_restarted(self):
        self.updates = ["libssl3"]
        for unit in ("ssh.service", "redis-server.service"):
            self.runs(unit, NEW)
        self.maintain()
        self.assertEqual((self.disturbances(), self.called("getMeetings")), ([], []))

    def test_after_an_upgrade_that_failed_everything_runs_again_and_it_is_told(self):
        self.on("^apt-get .*--only-upgrade", Result(100, "", "E: Sub-process /usr/bin/dpkg returned an error code (1)"))
        self.put(due.REBOOT, "")
        message = self.fails(self.maintain)
        self.assertIn("nginx, redis-server cannot be upgraded: E: Sub-process", message)
        self.assertEqual((len(self.called("bbb-conf --restart")), self.called(REBOOT)), (1, []))
        self.assertEqual((self.get(closed_site.CONF), self.due()["last"]["failure"]), (None, message))

    def test_a_node_that_cannot_be_closed_is_left_alone(self):
        self.on("^curl .*/create[?]", "checksumError\n200")
        self.assertIn("cannot be closed", self.fails(self.maintain))
        self.assertEqual(self.called("--only-upgrade|bbb-conf --restart|systemctl restart"), [])


class Anywhere(Maintained):
    def test_a_failure_is_noted_with_its_time_and_a_success_takes_it_away(self):
        self.on("^unattended-upgrade", Result(1, "Lock could not be acquired\n"))
        message = self.fails(self.maintain)
        self.assertIn("security updates were not applied: Lock could not be acquired; look at /var/log/", message)
        self.assertRegex(self.due()["last"]["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.due()["last"]["failure"], message)
        self.on("^unattended-upgrade", "")
        self.maintain()
        self.assertIsNone(self.due()["last"]["failure"])

    def test_one_that_is_stopped_is_no_success_and_what_was_left_is_left(self):
        self.put(due.LAST, '{"at": "2026-11-26T03:00:00Z", "failure": null, "left": "1 meeting"}')
        with mock.patch.object(packages, "refresh", side_effect=SystemExit(143)), self.assertRaises(SystemExit):
            self.maintain()
        last = self.due()["last"]
        self.assertEqual((last["failure"], last["left"]), ("it was stopped before its end", "1 meeting"))

    def test_while_bigbluebutton_is_installed_nothing_is_done(self):
        self.on("systemctl show -p ActiveState bbb-install", "ActiveState=active\n")
        self.assertIn("is being installed here", self.fails(self.maintain))
        self.assertEqual(self.called("apt|unattended"), [])

    def test_a_machine_that_was_never_configured_says_so(self):
        os.unlink(paths.on_host(schedule.SETTINGS))
        self.assertIn("has not been configured yet", self.fails(self.maintain))
        self.assertEqual(self.due()["held"], [])

    def test_switched_off_it_does_by_hand_what_disturbs_nobody(self):
        schedule.put_in_place({"maintenance": None}, schedule.NODE, [], mock.Mock())
        self.calls, self.updates = [], ["libssl3", "nginx"]
        self.assertEqual(self.maintain()["left"], "the maintenance window is not open")
        self.assertEqual((len(self.called("^unattended")), self.disturbances()), (1, []))


if __name__ == "__main__":
    unittest.main()
