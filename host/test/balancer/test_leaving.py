import unittest

import support  # noqa: F401
from balanced import NODE, ONE, RECORD, TWO, Members, api
from bbb_cluster.balancer import members
from bbb_cluster.balancer.members import BY_HAND
from scalelite_server import xml_error

# What the node says, when it is asked what is in the way.
BUSY = "2 meetings with 14 people"


class Leaving(Members):
    def setUp(self):
        super().setUp()
        self.join()
        self.changes()

    def test_an_empty_node_is_cordoned_asked_and_removed(self):
        self.leave()
        self.assertEqual((self.state(), self.get(RECORD)), (None, None))
        self.assertEqual(self.changes(), ["updateServer cordon", "panicServer", "deleteServer"])
        self.leave()
        self.assertEqual(self.changes(), [])

    def test_a_node_with_people_stays_and_is_as_it_was(self):
        self.assertIn(f"still has {BUSY}", self.fails(self.leave, BUSY))
        self.assertEqual((self.state(), self.closed()), ("enabled", ""))
        self.hold()
        self.fails(self.leave, BUSY)
        self.assertEqual(self.state(), "cordoned")
        self.assertIn("cordoned by hand", self.closed())

    def test_a_node_with_people_that_somebody_closed_at_scalelite_stays_closed(self):
        self.server()["state"] = "cordoned"
        self.fails(self.leave, BUSY)
        self.assertEqual(self.state(), "cordoned")
        self.assertIn(BY_HAND, self.closed())

    def test_a_node_that_cannot_be_asked_stays(self):
        def nobody_answers():
            raise support.Failure("the node does not answer")

        self.fails(members.leave, self.balancer, NODE, api(ONE), nobody_answers)
        self.assertEqual((self.state(), self.closed()), ("enabled", ""))

    def test_it_is_asked_even_when_scalelite_does_not_know_it(self):
        self.there.servers.pop(self.server()["id"])
        self.assertIn(BUSY, self.fails(self.leave, BUSY))

    def test_the_last_one_goes_only_with_its_cluster(self):
        self.there.put(TWO, "cordoned")
        self.assertIn("is the last server", self.fails(self.leave))
        self.assertEqual((self.state(), self.closed()), ("enabled", ""))
        members.leave(self.balancer, NODE, api(ONE), lambda: "", last_too=True)
        self.assertIsNone(self.state())

    def test_a_node_is_not_forgotten_when_scalelite_is_away_and_goes_by_the_next_run(self):
        for action in ("getServers", "updateServer", "panicServer", "deleteServer"):
            for way in (self.unreachable, self.lost_answer):
                with self.subTest(action=action, way=way.__name__):
                    way(action)
                    self.assertIn("Scalelite at", self.fails(self.leave))
                    self.there.canned, self.there.after = {}, {}
                    self.leave()
                    self.assertEqual((self.state(), self.get(RECORD)), (None, None))
                    self.join()

    def test_a_proxy_that_is_new_takes_it_out_as_well(self):
        members.membership.forget(NODE)
        self.leave()
        self.assertIsNone(self.state())

    def test_a_dead_node_is_given_up_with_its_rooms_whoever_holds_it(self):
        self.hold()
        self.there.meetings = {"physics": self.server()["id"]}
        members.give_up(self.balancer, NODE, api(ONE))
        self.assertEqual((self.state(), self.there.meetings, self.get(RECORD)), (None, {}, None))
        members.give_up(self.balancer, NODE, api(ONE))


class Wrong(Members):
    def test_a_wrong_secret_leaves_everything_as_it_was(self):
        self.join()
        before = self.get(RECORD)
        self.there.canned = {"updateServer": xml_error("checksumError")}
        self.assertIn("does not take our secret", self.fails(self.hold))
        self.assertEqual((self.get(RECORD), self.mode(RECORD)), (before, 0o600))


if __name__ == "__main__":
    unittest.main()
