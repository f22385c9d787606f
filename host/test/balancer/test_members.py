import json
import unittest

import support  # noqa: F401
from balanced import NODE, NODE_SECRET, ONE, RECORD, TWO, Members
from bbb_cluster.balancer import members
from bbb_cluster.balancer.members import BY_HAND

SEEN = f"{BY_HAND} (seen first at 2026-11-24T10:00:00Z)"


class Joining(Members):
    def test_a_node_is_added_and_enabled_once(self):
        self.assertEqual(self.join(), "")
        self.assertEqual(self.changes(), ["addServer", "updateServer enable"])
        self.assertEqual(self.join(), "")
        self.assertEqual((self.changes(), self.closed()), ([], ""))

    def test_a_node_whose_run_was_killed_or_failed_is_enabled_by_the_next_one(self):
        for action, ways in (("addServer", 2), ("updateServer", 2)):
            for way in range(ways):
                with self.subTest(action=action, way=way):
                    self.there.servers.pop("id-bbb-011", None)
                    members.membership.forget(NODE)
                    (self.unreachable if way else self.lost_answer)(action)
                    self.fails(self.join)
                    self.there.canned, self.there.after = {}, {}
                    self.assertEqual((self.join(), self.state(), len(self.there.servers)), ("", "enabled", 2))

    def test_a_server_that_was_there_before_and_enabled_is_taken_over(self):
        self.there.put(ONE, secret="old")
        self.assertEqual(self.join(), "")
        self.assertEqual((self.state(), self.server()["secret"]), ("enabled", NODE_SECRET))

    def test_a_node_that_was_removed_there_comes_back(self):
        self.join()
        self.there.servers.clear()
        self.assertEqual(self.closed(), "not known at the load balancer")
        self.assertEqual((self.join(), self.state()), ("", "enabled"))

    def test_a_node_that_is_held_is_known_and_not_enabled(self):
        self.join()
        self.hold()
        self.there.servers.pop(self.server()["id"])
        self.assertIn("cordoned by hand", self.join())
        self.assertEqual(self.state(), "disabled")
        self.assertEqual((self.release(), self.state()), ("", "enabled"))


class Holding(Members):
    def setUp(self):
        super().setUp()
        self.join()
        self.changes()

    def test_a_node_is_cordoned_while_anybody_holds_it(self):
        self.assertEqual(self.hold(), "cordoned by hand since 2026-11-24T10:00:00Z: new disk")
        self.hold("rollout", "BigBlueButton 3.0.31")
        self.assertEqual(self.changes(), ["updateServer cordon"])
        self.assertIn("cordoned by rollout", self.release("hand"))
        self.assertEqual((self.state(), self.changes()), ("cordoned", []))
        self.assertEqual(self.release("rollout"), "")
        self.assertEqual((self.state(), self.changes()), ("enabled", ["updateServer enable"]))

    def test_the_same_holder_keeps_its_time_and_may_say_another_reason(self):
        self.hold()
        self.minute = 5
        self.assertEqual(self.hold(reason="another"), "cordoned by hand since 2026-11-24T10:00:00Z: another")

    def test_what_scalelite_disables_when_it_is_empty_is_still_ours_to_enable(self):
        self.hold()
        self.there.poll()
        self.assertEqual(self.state(), "disabled")
        self.assertIn("cordoned by hand", self.join())
        self.assertEqual((self.release(), self.state()), ("", "enabled"))

    def test_a_release_of_what_nobody_holds_changes_nothing(self):
        self.assertEqual((self.release(), self.changes()), ("", []))

    def test_the_last_one_is_refused_and_as_it_was(self):
        self.there.put(TWO, "cordoned")
        before = self.get(RECORD)
        self.assertIn("is the last server of Scalelite", self.fails(self.hold))
        self.assertEqual((self.get(RECORD), self.state()), (before, "enabled"))

    def test_a_cordon_without_an_answer_is_ours_whatever_came_of_it(self):
        for way in (self.unreachable, self.lost_answer):
            with self.subTest(way=way.__name__):
                way("updateServer")
                self.fails(self.hold)
                self.there.canned, self.there.after = {}, {}
                self.assertEqual(json.loads(self.get(RECORD))["holders"], {})
                self.assertEqual((self.join(), self.state(), self.closed()), ("", "enabled", ""))

    def test_a_release_without_an_answer_is_repeated(self):
        for way in (self.unreachable, self.lost_answer):
            with self.subTest(way=way.__name__):
                self.hold()
                way("updateServer")
                self.fails(self.release)
                self.there.canned, self.there.after = {}, {}
                self.assertEqual((self.release(), self.state(), self.closed()), ("", "enabled", ""))

    def test_a_node_that_was_never_added_cannot_be_held(self):
        self.assertIn(
            "bbb-09 is not known at the load balancer", self.fails(members.hold, self.balancer, "bbb-09", "hand", "")
        )


class MyHandWins(Members):
    def by_hand(self, state):
        self.server()["state"] = state

    def test_a_server_that_somebody_closed_at_scalelite_is_never_enabled(self):
        self.join()
        for state in ("cordoned", "disabled"):
            self.by_hand(state)
            self.changes()
            self.assertIn(BY_HAND, self.closed())
            self.assertEqual(self.join(), SEEN)
            self.minute += 5
            held = "cordoned by rollout since 2026-11-24T10:"
            self.assertIn(f"{SEEN}; {held}", self.hold("rollout", "reboot"))
            self.assertEqual((self.release("rollout"), self.closed()), (SEEN, SEEN))
            self.assertEqual((self.state(), self.changes()), (state, []))
            self.assertIn(f"bbb-01 is {BY_HAND}: it stays so until it is enabled there", self.said)

    def test_one_that_was_closed_before_the_cluster_knew_it_stays_so(self):
        self.there.put(ONE, "disabled")
        self.assertEqual((self.join(), self.state()), (SEEN, "disabled"))

    def test_when_it_is_enabled_there_again_it_is_as_any_other(self):
        self.join()
        self.by_hand("cordoned")
        self.join()
        self.by_hand("enabled")
        self.assertEqual((self.join(), self.closed()), ("", ""))
        self.hold()
        self.assertEqual((self.release(), self.state()), ("", "enabled"))

    def test_what_somebody_enables_while_we_hold_it_is_cordoned_by_the_next_hold(self):
        self.join()
        self.hold()
        self.by_hand("enabled")
        self.hold("rollout", "reboot")
        self.assertEqual(self.state(), "cordoned")


if __name__ == "__main__":
    unittest.main()
