import unittest

import support  # noqa: F401
from bbb_cluster.system.waiting import wait_while
from support import Machine


class Waiting(Machine):
    def obstacle(self):
        """What is in the way at a time: one thing, then another, then nothing."""
        return "" if self.time >= 40 else "second" if self.time >= 20 else "first"

    def test_it_ends_as_soon_as_nothing_is_in_the_way(self):
        self.assertEqual((wait_while(self.obstacle, 100, 5), self.time), ("", 40))

    def test_what_is_not_in_the_way_is_not_waited_for(self):
        self.assertEqual((wait_while(lambda: "", 100, 5), self.time), ("", 0))

    def test_when_the_time_is_over_the_last_answer_tells_why(self):
        self.assertEqual((wait_while(self.obstacle, 30, 5), self.time), ("second", 30))

    def test_without_any_time_it_asks_once(self):
        self.assertEqual((wait_while(self.obstacle, 0, 5), self.time), ("first", 0))

    def test_it_reports_at_once_on_a_change_and_now_and_then(self):
        seen = []
        wait_while(self.obstacle, 100, 5, lambda found: seen.append((self.time, found)) or found, 15)
        self.assertEqual(seen, [(0, "first"), (15, "first"), (20, "second"), (35, "second")])
        self.assertEqual(self.said, ["first", "first", "second", "second"])


if __name__ == "__main__":
    unittest.main()
