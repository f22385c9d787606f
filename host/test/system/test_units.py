import unittest

from bbb_cluster.system import units
from support import RUNNING, Machine

LISTENING = 'LISTEN 0 128 0.0.0.0:8378 0.0.0.0:* users:(("middleware",pid=77,fd=3))\n'
UNIT = "bbb-graphql-middleware"


class Settling(Machine):
    def setUp(self):
        super().setUp()
        self.put("/proc/77/cgroup", f"0::/system.slice/{UNIT}.service\n")
        self.on("^ss ", LISTENING)

    def from_second(self, second, answer, before=""):
        """What a program answers from a time on, and before."""
        return lambda _command: answer if self.time >= second else before

    def test_what_listens_is_told_by_the_unit_of_its_process(self):
        self.on("^ss ", LISTENING + LISTENING.replace("77", "78"))
        self.put("/proc/78/cgroup", "0::/system.slice/nginx.service\n")
        self.assertEqual(units.listening([UNIT, "etherpad"]), {UNIT})

    def test_a_unit_that_listens_again_is_waited_for_no_longer(self):
        self.on("^ss ", self.from_second(1, LISTENING))
        units.settle([UNIT], {UNIT})
        self.assertAlmostEqual(self.time, 1, delta=units.PAUSE_SECONDS)

    def test_a_unit_that_never_listened_is_watched_for_a_while(self):
        units.settle([UNIT, "bbb-rap-starter"], {UNIT})
        self.assertAlmostEqual(self.time, units.SETTLE_SECONDS)

    def test_a_unit_that_ends_before_it_listens_is_not_waited_for_to_the_end(self):
        self.on("^ss ", "")
        self.on(
            f"systemctl show .* {UNIT}", self.from_second(1, RUNNING.replace("NRestarts=0", "NRestarts=1"), RUNNING)
        )
        self.assertIn(f"{UNIT} did not stay up", self.fails(units.settle, [UNIT], {UNIT}))
        self.assertLess(self.time, 2)

    def test_a_unit_that_listened_and_no_longer_does_has_not_come_back(self):
        self.on("^ss ", "")
        self.assertIn(f"{UNIT} did not stay up", self.fails(units.settle, [UNIT], {UNIT}))


if __name__ == "__main__":
    unittest.main()
