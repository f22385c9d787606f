import time
import unittest

import support
from bbb_cluster.system import processes


class Processes(unittest.TestCase):
    def test_a_program_s_end_and_output_are_reported(self):
        result = processes.execute(["sh", "-c", "echo out; echo err >&2; exit 3"], 10, {})
        self.assertEqual(result, processes.Result(3, "out\n", "err\n"))
        self.assertEqual(processes.execute(["/no/such/program"], 10, {}).status, 127)

    def test_a_program_that_takes_too_long_is_ended_with_its_children(self):
        start = time.monotonic()
        with self.assertRaises(support.Failure) as raised:
            processes.execute(["sh", "-c", "sleep 30 & sleep 30"], 0.1, {})
        self.assertLess(time.monotonic() - start, 5)
        self.assertIn("did not end within 0 seconds", str(raised.exception))

    def test_a_daemon_that_keeps_its_output_open_is_not_waited_for(self):
        start = time.monotonic()
        result = processes.execute(["sh", "-c", "sleep 2 & echo started"], 10, {})
        self.assertEqual(result.out, "started\n")
        self.assertLess(time.monotonic() - start, 1.5)


if __name__ == "__main__":
    unittest.main()
