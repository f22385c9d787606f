"""Why a node takes no new meetings, and which may begin all the same."""

import json
import os
import unittest

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.bigbluebutton import closed_site, cordons
from bbb_cluster.system import paths
from busy_node import Busy, manifest
from programs import configure_node, drift
from support import Result

SINCE = "2026-11-18T11:06:40Z"


def cordon(by="hand", reason="a fan is loud"):
    """`bbb-cluster cordon`."""
    return main.COMMANDS["cordon"][0]({"by": by, "reason": reason}, "")["cordons"]


def uncordon(by="hand"):
    """`bbb-cluster uncordon`."""
    return main.COMMANDS["uncordon"][0]({"by": by}, "")["cordons"]


def occupancy():
    """`bbb-cluster occupancy`."""
    return main.COMMANDS["occupancy"][0]({}, "")


class Cordons(Busy):
    def test_say_who_holds_the_node_closed_since_when_and_why(self):
        expected = {"hand": {"since": SINCE, "reason": "a fan is loud"}}
        self.assertEqual(cordon(), expected)
        self.assertEqual((occupancy()["cordons"], self.is_open()), (expected, False))

    def test_open_the_node_when_the_last_holder_lets_go_and_leave_nothing_behind(self):
        before = self.everything()
        cordon()
        self.time = 100
        cordon("rollout", "an update")
        self.assertEqual(list(uncordon()), ["rollout"])
        self.assertFalse(self.is_open())
        self.assertEqual(uncordon("rollout"), {})
        self.assertEqual((self.is_open(), self.everything()), (True, before))
        self.assertEqual((self.get(cordons.RECORDS), uncordon()), (None, {}))

    def test_said_again_keep_their_time_and_change_their_reason(self):
        cordon()
        self.time = 5000
        self.assertEqual(cordon(reason="two fans"), {"hand": {"since": SINCE, "reason": "two fans"}})

    def test_outlast_reboots_and_every_run(self):
        cordon()
        self.assertIn(f"systemctl enable --quiet {cordons.UNIT}", self.calls)
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertEqual((list(cordons.holders()), self.is_open()), (["hand"], False))

    def test_of_a_node_that_cannot_be_closed_are_none(self):
        before = self.everything()
        self.on("^curl .*/create[?]", "checksumError\n200")
        self.assertIn("cannot be closed to new meetings: nginx lets", self.fails(cordon))
        self.assertEqual((self.everything(), cordons.holders()), (before, {}))
        self.on("systemctl start bbb-cluster-cordon", Result(1, "", "no such unit"))
        self.assertIn("no such unit", self.fails(cordon))
        self.assertEqual((self.everything(), cordons.holders()), (before, {}))

    def test_of_unknown_holders_or_without_a_reason_are_refused(self):
        self.assertIn("`by` must be one of hand, configuration, rollout, disk, got `me`", self.fails(cordon, "me"))
        self.assertIn("`reason` must say why", self.fails(cordon, "hand", " "))
        self.assertEqual((self.calls, self.is_open()), ([], True))

    def test_that_somebody_put_into_the_record_are_none(self):
        for text in ("[]", "{", '{"hand": 1}', '{"work": {"since": "x", "reason": "y"}}'):
            self.put(cordons.RECORDS, text)
            self.assertEqual(cordons.holders(), {})

    def test_show_no_control_characters(self):
        self.assertEqual(cordon(reason="a\x1b[31mb\nc")["hand"]["reason"], "ab c")

    def test_that_are_not_in_force_are_drift_and_put_right_by_the_next_run(self):
        cordon()
        self.assertEqual(drift()["findings"], [])
        conf = self.get(closed_site.CONF)
        os.unlink(paths.on_host(closed_site.CONF))
        self.assertEqual([finding["state"] for finding in drift()["findings"]], ["closed"])
        configure_node(manifest())
        self.assertEqual((self.get(closed_site.CONF), drift()["findings"]), (conf, []))


class Admitting(Busy):
    def test_on_an_open_node_every_meeting_may_begin(self):
        self.assertTrue(self.may_be_created("new"))
        self.assertEqual(self.called("getMeetings"), [])

    def test_on_a_closed_one_those_that_run_and_those_of_checks(self):
        cordon()
        self.meetings = lambda: [("a b", 1), ("b", 2)]
        allowed = [name for name in ("a b", "b", "c", "verify-bbb-01") if self.may_be_created(name)]
        self.assertEqual(allowed, ["a b", "b", "verify-bbb-01"])

    def test_one_that_has_ended_is_a_new_one(self):
        cordon()
        self.meetings = lambda: [("a", 1)] if self.time < 60 else []
        before = self.may_be_created("a")
        self.time = 60
        self.assertEqual((before, self.may_be_created("a")), (True, False))

    def test_after_a_restart_of_bbb_web_nothing_is_known_and_nothing_begins(self):
        cordon()
        self.on("^curl .*getMeetings", Result(7, "", "refused"))
        self.assertFalse(self.may_be_created("a"))


class Telling(Busy):
    def test_who_is_here_and_what_waits(self):
        nobody = {"empty": True, "obstacle": "", "meetings": 0, "people": 0, "cordons": {}, "pending": None}
        recordings = {"recordings": {"waiting": 0, "obstacle": "", "findings": []}}
        self.assertEqual(occupancy(), {**nobody, **recordings})
        self.meetings = lambda: [("a", 10), ("b", 4)]
        configure_node(manifest())
        self.assertEqual(
            occupancy(),
            {
                "empty": False,
                "obstacle": "2 meetings with 14 people",
                "meetings": 2,
                "people": 14,
                "cordons": {},
                "pending": {"since": SINCE, "what": ["restarting bbb-web"]},
                **recordings,
            },
        )

    def test_silence_is_not_emptiness(self):
        self.on("^curl .*getMeetings", Result(7, "", "refused"))
        found = occupancy()
        self.assertEqual((found["empty"], found["meetings"], found["people"]), (False, None, None))
        json.dumps(found)

    def test_it_changes_nothing(self):
        before = self.everything("")
        occupancy()
        self.assertEqual(self.everything(""), before)


if __name__ == "__main__":
    unittest.main()
