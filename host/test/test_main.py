import hashlib
import json
import os
import signal
import subprocess
import sys
import unittest

import compiled

import support  # noqa: F401
from bbb_cluster.system.lock import Lock
from support import Machine


class Program(Machine):
    def start(self, *arguments):
        command = [sys.executable, "-B", compiled.programs(), *arguments]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, *arguments, request=b""):
        process = self.start(*arguments)
        out, err = process.communicate(request, timeout=20)
        return process.returncode, out.decode(), err.decode()

    def test_help_names_every_command(self):
        status, out, err = self.call("--help")
        self.assertEqual((status, err), (0, ""))
        for command in ("configure-node", "configure-proxy", "add-route", "remove-route", "drift", "maintain", "due"):
            self.assertIn(command, out)

    def test_an_unknown_command_shows_the_usage(self):
        status, out, err = self.call("reboot")
        self.assertEqual((status, out), (2, ""))
        self.assertIn("usage:", err)

    def test_a_result_is_one_line_of_json(self):
        request = b'{"node": "bbb-01", "nodeServerId": 1}'
        status, out, err = self.call("remove-route", request=request)
        self.assertEqual((status, err), (0, ""))
        expected = {"node": "bbb-01", "state": "absent", "changed": False}
        self.assertEqual(json.loads(out), {"request": hashlib.sha256(request).hexdigest(), **expected})

    def test_looking_for_drift_needs_no_request_and_writes_nothing(self):
        expected = {"release": None, "findings": [], "requests": {}, "digest": ""}
        for request in (b"", b"{}"):
            status, out, err = self.call("drift", request=request)
            self.assertEqual((status, err, json.loads(out)), (0, "", expected))
        self.assertEqual(os.listdir(self.root), [])

    def test_a_failure_is_one_sentence_and_status_one(self):
        for request, expected in (
            (b'{"secret": "x1y2z3', "the request on standard input is not JSON (line 1)\n"),
            (b"\xff", "the request on standard input is not JSON (its encoding)\n"),
            (b"[]", "the request on standard input must be a JSON object\n"),
            (b"{}", "the request has no `node`: expected a text\n"),
        ):
            self.assertEqual(self.call("remove-route", request=request), (1, "", expected))

    def test_the_lock_is_free_after_a_termination(self):
        with Lock("configure-node"):
            process = self.start("remove-route")
            process.stdin.write(b'{"node": "bbb-01", "nodeServerId": 1}')
            process.stdin.close()
            line = process.stderr.readline().decode()
            self.assertIn(f"waiting for configure-node (process {os.getpid()}, since ", line)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 143)
            self.assertIn("terminated; the next run will recover", process.stderr.read().decode())
            process.stdout.close()
            process.stderr.close()
        with Lock("other"):
            self.assertEqual(self.said, [])

    def test_a_reader_that_went_away_does_not_stop_the_work(self):
        out, err = os.pipe(), os.pipe()
        os.close(out[0])
        os.close(err[0])
        self.put("/etc/nginx/bbb-cluster/routes/bbb-01.conf", "x")
        process = subprocess.run(
            [sys.executable, "-B", compiled.programs(), "remove-route"],
            input=b'{"node": "bbb-01", "nodeServerId": 1}',
            stdout=out[1],
            stderr=err[1],
            timeout=20,
            check=False,
        )
        os.close(out[1])
        os.close(err[1])
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
