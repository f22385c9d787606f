import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import unittest

import support
from bbb_cluster.bigbluebutton import releases
from bbb_cluster.system import lock, paths, processes, progress
from bbb_cluster.system.failure import sentence
from bbb_cluster.system.lock import Lock
from support import Machine

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bbb_cluster")


class Program(Machine):
    def start(self, *arguments):
        command = [sys.executable, "-B", PROGRAM, *arguments]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, *arguments, request=b""):
        process = self.start(*arguments)
        out, err = process.communicate(request, timeout=20)
        return process.returncode, out.decode(), err.decode()

    def test_help_names_every_command(self):
        status, out, err = self.call("--help")
        self.assertEqual((status, err), (0, ""))
        for command in ("install-node", "configure-node", "verify-node", "configure-proxy", "open-door", "close-door"):
            self.assertIn(command, out)

    def test_an_unknown_command_shows_the_usage(self):
        status, out, err = self.call("reboot")
        self.assertEqual((status, out), (2, ""))
        self.assertIn("usage:", err)

    def test_a_result_is_one_line_of_json(self):
        status, out, err = self.call("close-door", request=b'{"node": "bbb-01", "nodeServerId": 1}')
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(json.loads(out), {"node": "bbb-01", "state": "closed", "changed": False})

    def test_verifying_needs_no_request(self):
        for request in (b"", b"{}"):
            status, out, err = self.call("verify-node", request=request)
            self.assertEqual((status, err, json.loads(out)["ok"]), (0, "", True))
        self.assertEqual(os.listdir(self.root), [])

    def test_a_failure_is_one_sentence_and_status_one(self):
        for request, expected in (
            (b'{"secret": "x1y2z3', "the request on standard input is not JSON (line 1)\n"),
            (b"\xff", "the request on standard input is not JSON (its encoding)\n"),
            (b"[]", "the request on standard input must be a JSON object\n"),
            (b"{}", "the request has no `node`: expected a text\n"),
        ):
            self.assertEqual(self.call("close-door", request=request), (1, "", expected))

    def test_the_lock_is_free_after_a_termination(self):
        with Lock("configure-node"):
            process = self.start("close-door")
            process.stdin.write(b'{"node": "bbb-01", "nodeServerId": 1}')
            process.stdin.close()
            line = process.stderr.readline().decode()
            self.assertIn(f"waiting for configure-node (process {os.getpid()}, since ", line)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 143)
            self.assertIn("stopped from outside", process.stderr.read().decode())
            process.stdout.close()
            process.stderr.close()
        with Lock("other"):
            self.assertEqual(self.said, [])

    def test_a_reader_that_went_away_does_not_stop_the_work(self):
        out, err = os.pipe(), os.pipe()
        os.close(out[0])
        os.close(err[0])
        self.put("/etc/nginx/bbb-cluster/doors/bbb-01.conf", "x")
        process = subprocess.run(
            [sys.executable, "-B", PROGRAM, "close-door"],
            input=b'{"node": "bbb-01", "nodeServerId": 1}',
            stdout=out[1],
            stderr=err[1],
            timeout=20,
            check=False,
        )
        os.close(out[1])
        os.close(err[1])
        self.assertEqual(process.returncode, 0)


class Locking(Machine):
    def test_a_second_one_waits_ten_minutes_and_says_for_whom(self):
        with Lock("install-node"):
            words = self.fails(Lock("open-door").__enter__)
        self.assertRegex(words, r"install-node \(process \d+, since .*\) still holds the lock after 10 minutes")
        self.assertEqual(len(self.said), lock.WAIT_SECONDS // lock.SAY_EVERY_SECONDS)

    def test_a_killed_holder_holds_nothing(self):
        self.put("/var/lib/bbb-cluster/lock", '{"command": "open-door", "pid": 1, "since": "long ago"}')
        with Lock("close-door"):
            self.assertEqual(self.said, [])
            with open(paths.on_host("/var/lib/bbb-cluster/lock")) as file, self.assertRaises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


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


class Saying(unittest.TestCase):
    def test_lines_are_short_single_and_free_of_secrets(self):
        progress.hide("hunter22")
        for line, expected in (
            ("a\nb\tc\x1b[31md\x1b[0m", "a b cd"),
            ("Secret: abc", "Secret: ***"),
            ("securitySalt=abc def", "securitySalt=*** def"),
            ('{"password": "a b", "x": 1}', '{"password": ***, "x": 1}'),
            ("https://mate#sharedSecret=abc&x=1", "https://mate#sharedSecret=***&x=1"),
            ("it is hunter22!", "it is ***!"),
        ):
            self.assertEqual(progress.clean(line), expected)
        self.assertEqual(len(progress.clean("x" * 70000)), progress.LONGEST)

    def test_errors_of_the_system_come_with_a_remedy(self):
        for number, words in ((28, "the disk is full: /x"), (30, "the disk is read-only: /x"), (13, "run as root")):
            self.assertIn(words, sentence(OSError(number, "no", "/x")))


class Releases(unittest.TestCase):
    def test_releases_are_in_order(self):
        texts = [
            "2.7.12",
            "3.0.0-alpha.1",
            "3.0.0-beta.2",
            "3.0.0-beta.10",
            "3.0.0-rc.1",
            "3.0",
            "3.0.9",
            "3.0.28",
            "4.0.0",
        ]
        keys = [releases.parse(text) for text in texts]
        self.assertEqual(sorted(keys), keys)

    def test_the_profile_is_the_one_around_the_release(self):
        spans = [("3.0.0", "3.0.25"), ("3.0.25", "3.0.27"), ("3.0.28", "3.0.37"), ("3.0.37", None)]
        profiles = [{"from": start, "before": before} for start, before in spans]
        for here, expected in (("3.0.0", 0), ("3.0.24", 0), ("3.0.25", 1), ("3.0.28", 2), ("3.0.99", 3)):
            self.assertEqual(releases.choose(profiles, here), profiles[expected])
        for here in ("3.0.27", "2.7.1"):
            with self.assertRaises(support.Failure):
                releases.choose(profiles, here)


if __name__ == "__main__":
    unittest.main()
