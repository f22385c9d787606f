import shutil
import unittest

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.recordings import destination, hand_over, marks, metrics, units
from bbb_cluster.recordings.held import Held
from bbb_cluster.system import paths
from recorded import HOST, Takes, identity
from support import START, Result

ONE = identity(1)
TO_BBBLB = {"kind": "bbblb", "host": HOST, "discard": False}


class Removal(Takes):
    """A node without people, in service at a load balancer."""

    def setUp(self):
        super().setUp()
        self.on("^curl .*/create[?]", "nodeClosed\n200")
        self.enter()

    def request(self, recordings=None, **changes):
        return {
            "node": "bbb-01",
            "state": "present",
            "balanced": True,
            "recordings": recordings or TO_BBBLB,
            **changes,
        }

    def leave(self, **recordings):
        return main.COMMANDS["leave-service"][0](self.request({**TO_BBBLB, **recordings}), "digest")

    def leave_kind(self, kind, discard=False):
        request = self.request({"kind": kind, "discard": discard})
        return main.COMMANDS["leave-service"][0](request, "digest")

    def enter(self, recordings=None, **changes):
        return main.COMMANDS["enter-service"][0](self.request(recordings, **changes), "digest")

    def occupancy(self):
        return main.COMMANDS["occupancy"][0]({}, "digest")["recordings"]

    def test_waits_until_all_is_handed_over_and_says_how_many_lie_where(self):
        self.record(1)
        self.record(2, ["video"])
        message = self.fails(self.leave)
        self.assertIn("bbb-01 has 2 recordings: 1 on which nobody works (/var/bigbluebutton/recording/raw)", message)
        self.assertIn("2 not handed over (/var/bigbluebutton/published); nothing of it was touched", message)
        self.assertIn("npm run leave -- bbb-01", message)
        self.record(2)
        hand_over.run()
        self.assertEqual(self.leave(), {"state": "absent"})

    def test_a_node_that_does_not_say_who_is_on_it_stays_and_the_ways_out_are_named(self):
        self.on("^curl .*getMeetings", Result(7, "", "refused"))
        message = self.fails(self.leave)
        self.assertIn("bbb-01 may have meetings and recordings: it is not known whether meetings are running", message)
        self.assertIn("`npm run leave -- bbb-01 --abandon`", message)

    def test_waits_for_what_is_in_work(self):
        self.flag("recorded", f"{ONE}.done")
        self.assertIn("1 recording: 1 in work", self.fails(self.leave))

    def test_waits_for_recordings_that_somebody_has_hidden_here(self):
        self.record(1, state="unpublished")
        self.assertIn("1 not handed over, unpublished (/var/bigbluebutton/unpublished)", self.fails(self.leave))

    def test_where_nobody_takes_recordings_waits_for_all_that_lie_here(self):
        self.record(1)
        self.assertIn("1 on this node alone", self.fails(self.leave_kind, "none"))

    def test_where_others_see_to_it_waits_for_what_is_in_work_alone(self):
        self.record(1)
        self.assertEqual(self.leave_kind("elsewhere"), {"state": "absent"})
        self.flag("recorded", f"{identity(2)}.done")
        self.assertIn("1 in work", self.fails(self.leave_kind, "elsewhere"))

    def test_waits_for_none_of_them_when_the_configuration_says_that_they_may_go(self):
        self.record(1)
        self.flag("recorded", f"{identity(2)}.done")
        self.assertEqual(self.leave(discard=True), {"state": "absent"})
        self.assertEqual(self.leave_kind("none", discard=True), {"state": "absent"})

    def test_is_told_of_beforehand_with_what_is_in_the_way(self):
        self.record(1)
        self.status = "000"
        hand_over.run()
        found = self.occupancy()
        self.assertEqual((found["waiting"], found["obstacle"][:30]), (1, "1 recording: 1 not handed over"))
        self.assertIn(f"BBBLB at {HOST} does not take recordings", found["findings"][0])
        self.enter({**TO_BBBLB, "discard": True})
        self.assertEqual((self.occupancy()["waiting"], self.occupancy()["obstacle"]), (1, ""))

    def failing(self):
        """Since when it is told that handing over fails, and with what."""
        told = {metric.name: metric.value for metric in metrics.metrics()}
        return told.get("bbb_cluster_hand_over_failing_since_timestamp_seconds"), self.occupancy()["findings"]

    def test_what_one_destination_said_is_not_said_of_another(self):
        self.record(1)
        self.status = "000"
        hand_over.run()
        self.time += 60
        hand_over.run()
        self.assertEqual(self.failing()[0], START + self.time - 60)
        for other in ({"kind": "elsewhere"}, {"kind": "none"}, {**TO_BBBLB, "host": "other.example.com"}):
            self.enter({**other, "discard": False})
            self.assertEqual(self.failing(), (None, []))

    def test_what_one_destination_says_when_there_is_another_already_is_of_no_account(self):
        self.record(1, ["video"])
        before = destination.kept()
        self.enter({**TO_BBBLB, "host": "other.example.com"})
        marks.uploaded(Held(ONE, "video", "published"), before.name)
        self.assertEqual(hand_over.run(), [f"{ONE}-video"])

    def test_what_is_no_longer_to_be_handed_over_does_not_fail(self):
        self.record(1, ["video"])
        self.status = "000"
        hand_over.run()
        shutil.move(*(paths.on_host(f"/var/bigbluebutton/{state}") for state in ("published", "unpublished")))
        hand_over.run()
        failing, findings = self.failing()
        self.assertIsNone(failing)
        self.assertNotIn("does not take recordings", "".join(findings))

    def test_of_one_that_somebody_has_hidden_here_says_how_it_ends(self):
        self.record(1, state="unpublished")
        (finding,) = self.occupancy()["findings"]
        self.assertIn(f"{ONE} is unpublished here, and handing it over might publish it", finding)
        self.assertIn(f"then `bbb-record --delete {ONE}`", finding)
        self.enter({"kind": "none", "discard": False})
        self.assertEqual(self.occupancy()["findings"], [])

    def test_recordings_that_nobody_takes_are_not_said_to_wait(self):
        self.enter({"kind": "none", "discard": False})
        self.record(1)
        self.assertEqual((self.occupancy()["waiting"], self.occupancy()["obstacle"] != ""), (0, True))

    def test_a_node_in_service_has_a_timer_if_somebody_takes_its_recordings(self):
        self.assertIn("systemctl enable --quiet --now bbb-cluster-recordings.timer", " ".join(self.calls))
        self.assertIn(b"bbb-cluster hand-over", self.get(f"{units.FOLDER}/{units.NAME}.service"))
        self.calls.clear()
        self.enter()
        self.assertEqual(self.called("daemon-reload|start --no-block"), [])
        self.enter({"kind": "none", "discard": False})
        self.assertIsNone(self.get(f"{units.FOLDER}/{units.NAME}.timer"))
        self.assertEqual(destination.kept().kind, "none")

    def test_a_timer_that_somebody_has_stopped_or_changed_is_drift(self):
        drift = main.COMMANDS["drift"][0]
        timer = f"{units.FOLDER}/{units.NAME}.timer"

        def found():
            return timer in [finding["path"] for finding in drift({}, "")["findings"]]

        self.assertFalse(found())
        self.on(f"^systemctl show .*{units.NAME}.timer", "ActiveState=inactive\n")
        self.assertTrue(found())
        self.on(f"^systemctl show .*{units.NAME}.timer", "ActiveState=active\n")
        self.put(timer, "")
        self.assertTrue(found())
        self.enter()
        self.assertFalse(found())

    def test_the_timer_tells_what_it_did(self):
        self.record(1)
        answer = main.COMMANDS["hand-over"][0]({}, "digest")
        expected = {"handedOver": [f"{ONE}-presentation", f"{ONE}-video"], "waiting": 0, "why": []}
        self.assertEqual(answer, expected)


if __name__ == "__main__":
    unittest.main()
