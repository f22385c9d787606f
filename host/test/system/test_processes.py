import os
import tempfile
import time
import unittest
from unittest import mock

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

    def test_a_child_that_does_not_heed_its_end_is_killed_though_its_parent_did(self):
        with tempfile.NamedTemporaryFile("r") as file, mock.patch.object(processes, "HEED_SECONDS", 0.5):
            stubborn = f"(trap '' TERM; echo ready >{file.name}; while :; do sleep 0.1; date >{file.name}; done) &"
            with self.assertRaises(support.Failure):
                processes.execute(["sh", "-c", f"{stubborn} sleep 30"], 0.5, {})
            written = os.stat(file.name).st_mtime_ns
            time.sleep(0.5)
            self.assertEqual(os.stat(file.name).st_mtime_ns, written)

    def test_a_daemon_that_keeps_its_output_open_is_not_waited_for(self):
        start = time.monotonic()
        result = processes.execute(["sh", "-c", "sleep 2 & echo started"], 10, {})
        self.assertEqual(result.out, "started\n")
        self.assertLess(time.monotonic() - start, 1.5)


if __name__ == "__main__":
    unittest.main()
