import unittest

import support  # noqa: F401
from bbb_cluster.balancer.bbblb_cordons import merged
from bbb_cluster.balancer.membership import Membership

URL = "https://bbb-01.example.com/bigbluebutton/api"
OPEN = Membership("bbb-01", URL)
WHY = {"since": "2026-11-24T10:00:00Z", "reason": "a fan hums"}


def held(*by, **changes):
    """A node that is closed by these."""
    return Membership("bbb-01", URL, dict.fromkeys(by, WHY), **{"closed": bool(by), **changes})


class Merged(unittest.TestCase):
    def test_who_was_closed_by_hand_or_by_a_rollout_stays_closed(self):
        for by in ("hand", "rollout"):
            self.assertEqual(merged(held(by), False, OPEN, True), (held(by), False))

    def test_who_is_closed_now_stays_closed(self):
        self.assertEqual(merged(OPEN, True, held("configuration"), False), (held("configuration"), False))
        self.assertEqual(
            merged(held("hand"), False, held("configuration"), False)[0].holders.keys(), {"configuration", "hand"}
        )

    def test_of_the_configuration_its_word_of_now_counts(self):
        self.assertEqual(merged(held("configuration"), False, OPEN, True), (OPEN, True))

    def test_who_was_closed_there_by_others_stays_so_and_is_not_taken_for_ours(self):
        then = held(noticed="2026-11-24T10:00:00Z")
        self.assertEqual(merged(then, False, OPEN, True), (then, False))

    def test_a_node_that_only_one_side_knows_is_as_that_says(self):
        self.assertEqual(merged(None, None, OPEN, True), (OPEN, True))
        self.assertEqual(merged(held("hand"), False, None, None), (held("hand"), False))
        self.assertEqual(merged(None, True, None, None), (None, True))

    def test_twice_is_as_once(self):
        once, enabled = merged(held("hand"), False, OPEN, True)
        self.assertEqual(merged(held("hand"), False, once, enabled), (once, enabled))


if __name__ == "__main__":
    unittest.main()
