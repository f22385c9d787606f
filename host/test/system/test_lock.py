import fcntl
import unittest

import support  # noqa: F401
from bbb_cluster.system import lock, paths, waiting
from bbb_cluster.system.lock import Lock
from support import Machine


class Locking(Machine):
    def test_a_second_one_waits_ten_minutes_and_says_for_whom(self):
        with Lock("configure-node"):
            words = self.fails(Lock("add-route").__enter__)
        self.assertRegex(words, r"configure-node \(process \d+, since .*\) still holds the lock after 10 minutes")
        self.assertEqual(len(self.said), lock.WAIT_SECONDS // waiting.REPORT_EVERY_SECONDS)

    def test_a_killed_holder_holds_nothing(self):
        self.put("/var/lib/bbb-cluster/lock", '{"command": "add-route", "pid": 1, "since": "long ago"}')
        with Lock("remove-route"):
            self.assertEqual(self.said, [])
            with open(paths.on_host("/var/lib/bbb-cluster/lock")) as file, self.assertRaises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


if __name__ == "__main__":
    unittest.main()
