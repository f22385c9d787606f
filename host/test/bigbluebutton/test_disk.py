import os
import unittest
from types import SimpleNamespace
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import cordons, disk
from busy_node import Busy


class Disk(Busy):
    def look(self, percent):
        # A twentieth is for root alone.
        found = SimpleNamespace(f_blocks=1050, f_bfree=percent * 10 + 50, f_bavail=percent * 10)
        with mock.patch.object(os, "statvfs", lambda _path: found):
            return disk.look()

    def test_a_node_closes_itself_when_its_disk_is_low_and_says_so(self):
        self.look(10)
        self.assertTrue(self.is_open())
        self.assertAlmostEqual(self.look(9), 0.09)
        self.assertFalse(self.is_open())
        self.assertEqual(cordons.holders()["disk"]["reason"], "its root disk has 9% left, less than 10%")
        self.assertEqual(self.get(disk.PAGE), b"its root disk has 9% left, less than 10%\n")

    def test_it_opens_when_there_is_clearly_more(self):
        self.look(5)
        self.look(12)
        self.assertFalse(self.is_open())
        self.assertEqual(self.get(disk.PAGE), b"its root disk has 12% left, less than 15%\n")
        self.look(15)
        self.assertTrue(self.is_open())
        self.assertEqual(self.get(disk.PAGE), b"fine\n")

    def test_whoever_else_has_closed_it_keeps_it_closed(self):
        cordons.hold("hand", "a fan is loud")
        self.look(5)
        self.look(50)
        self.assertEqual(list(cordons.holders()), ["hand"])
        self.assertFalse(self.is_open())

    def test_since_when_it_is_low_stays(self):
        self.look(5)
        since = cordons.holders()["disk"]["since"]
        self.time += 600
        self.look(4)
        self.assertEqual(cordons.holders()["disk"]["since"], since)

    def test_behind_a_load_balancer_the_node_refuses_nobody_itself(self):
        cordons.set_balanced(True)
        self.look(5)
        self.assertTrue(self.is_open())
        self.assertIn("disk", cordons.holders())

    def test_systemd_looks_from_the_moment_on_at_which_the_node_enters_service(self):
        disk.watch()
        self.assertEqual(len(self.called(f"enable --quiet --now {disk.TIMER}")), 1)
        disk.watch()
        self.assertEqual(len(self.called(f"enable --quiet --now {disk.TIMER}")), 1)


if __name__ == "__main__":
    unittest.main()
