import os
import time
import unittest
from unittest import mock

from bbb_cluster.system import followed
from support import Machine

LOG = "/var/log/bbb-cluster/x.log"


class Followed(Machine):
    def run_script(self, script, seconds=20):
        return followed.run(["sh", "-c", script], seconds, {}, LOG, "it")

    def test_lines_are_shown_while_the_program_runs(self):
        marker = os.path.join(self.root, "seen")
        self.patch(mock.patch.object(followed, "report", lambda line: self.said.append(line) or self.put("/seen", "")))
        self.patch(mock.patch.object(followed, "POLL_SECONDS", 0.01))
        # It ends with 0 only after somebody has shown its first line.
        end = self.run_script(f"echo one; for i in $(seq 500); do test -e {marker} && exit 0; sleep 0.01; done; exit 1")
        self.assertEqual((end, self.said), (followed.End(0, "one"), ["it: one"]))

    def test_the_end_of_its_output_is_its_last_line_also_without_a_line_break(self):
        self.assertEqual(self.run_script("echo a; echo; printf b; exit 7"), followed.End(7, "b"))
        self.assertEqual(self.run_script("exit 0"), followed.End(0, "it said nothing"))

    def test_much_output_is_shown_in_part_and_logged_as_a_whole(self):
        end = self.run_script("for i in $(seq 5000); do echo line $i; done")
        self.assertEqual(end.last, "line 5000")
        self.assertLess(sum(map(len, self.said)), 2 * followed.MOST_CHARACTERS)
        self.assertEqual(self.said[-1], f"it: the rest of its output is in {LOG}")
        self.assertEqual(self.get(LOG).count(b"\n"), 5000)

    def test_a_line_without_end_is_no_burden(self):
        end = self.run_script("head -c 1000000 /dev/zero | tr '\\0' x")
        self.assertLessEqual(len(end.last), 900)

    def test_one_that_takes_too_long_is_stopped_with_its_children(self):
        start = time.monotonic()
        end = self.run_script("echo waiting; sleep 30 & sleep 30", 0.1)
        self.assertEqual(end, followed.End(None, "waiting"))
        self.assertLess(time.monotonic() - start, 5)

    def test_a_daemon_that_it_leaves_is_not_waited_for(self):
        start = time.monotonic()
        self.assertEqual(self.run_script("sleep 3 & echo started").last, "started")
        self.assertLess(time.monotonic() - start, 2)

    def test_the_log_before_stays_and_is_root_s_alone(self):
        self.run_script("echo one")
        self.run_script("echo two")
        self.assertEqual((self.get(f"{LOG}.1"), self.get(LOG), self.mode(LOG)), (b"one\n", b"two\n", 0o600))


if __name__ == "__main__":
    unittest.main()
