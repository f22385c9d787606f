import json
import os
import shutil
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.system import files
from cluster_node import Node
from fixtures import MIDDLEWARE
from programs import configure_node
from support import Result


class Failing(Node):
    def law(self, programs):
        current = self.everything("/var/lib/bbb-cluster/")
        for program in programs:
            self.on(program, Result(1, "", f"{program} said no"))
            with self.subTest(program=program):
                message = self.fails(configure_node, fixtures.manifest())
                self.assertIn(f"{program} said no", message)
                self.assertIn("The previous files are back", message)
                self.assertEqual(self.everything("/var/lib/bbb-cluster/"), current)
            self.answers = []

    def test_whatever_fails_the_first_time_the_files_are_as_they_were(self):
        self.law(["nginx -t", "systemctl daemon-reload", "bbb-conf --restart", "curl"])
        configure_node(fixtures.manifest())
        self.assertEqual(self.called("bbb-conf")[-1], "bbb-conf --restart")

    def test_whatever_fails_later_the_files_are_as_they_were(self):
        configure_node(fixtures.manifest(fixtures.files()[3:4]))
        self.law(["daemon-reload", "systemctl restart bbb-web", "systemctl restart bbb-graphql-middleware", "curl"])
        configure_node(fixtures.manifest())
        configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)

    def test_a_service_that_does_not_stay_up_gets_its_old_files_and_runs_again(self):
        configure_node(fixtures.manifest())
        old = self.get(MIDDLEWARE)
        wanted = fixtures.files()
        wanted[2]["set"] = {"server.authorized_cross_origin": "bad"}
        count = iter(range(100))

        def state(_command):
            bad = b"bad" in (self.get(MIDDLEWARE) or b"")
            return "LoadState=loaded\nActiveState=active\nNRestarts=" + str(next(count) if bad else 0)

        self.on("systemctl show .* bbb-graphql-middleware", state)
        self.on("journalctl", "panic: yaml\n\n")
        self.calls = []
        message = self.fails(configure_node, fixtures.manifest(wanted))
        self.assertIn("bbb-graphql-middleware did not stay up with the new settings (panic: yaml)", message)
        self.assertIn("The previous files are back and in force again (bbb-graphql-middleware)", message)
        self.assertEqual(self.get(MIDDLEWARE), old)
        self.assertEqual(self.called("systemctl restart"), ["systemctl restart bbb-graphql-middleware"] * 2)
        self.calls = []
        configure_node(fixtures.manifest())
        self.assertEqual(self.restarts(), [])

    def test_a_service_that_does_not_survive_the_first_configuration_is_noticed_too(self):
        self.on("systemctl show .* bbb-apps-akka", "LoadState=loaded\nActiveState=failed\nResult=exit-code\n")
        message = self.fails(configure_node, fixtures.manifest())
        self.assertIn("bbb-apps-akka did not stay up with the new settings (failed, exit-code", message)
        self.assertEqual(self.called("bbb-conf --restart"), ["bbb-conf --restart"] * 2)
        self.assertEqual(self.everything(), self.before)

    def test_what_is_refused_before_any_restart_leaves_nothing_to_restart(self):
        configure_node(fixtures.manifest())
        self.on("nginx -t", Result(1, "", "nginx: [emerg] no"))
        wanted = fixtures.files()
        wanted[3]["content"] = ["}"]
        self.assertIn("are back, nothing was restarted", self.fails(configure_node, fixtures.manifest(wanted)))
        self.answers, self.calls = [], []
        configure_node(fixtures.manifest())
        self.assertEqual(self.restarts(), [])

    def test_services_that_are_down_with_the_old_files_too_are_restarted_by_the_next_run(self):
        configure_node(fixtures.manifest())
        wanted = fixtures.files()
        wanted[2]["set"] = {"server.authorized_cross_origin": "other"}
        self.on("^curl", Result(7, "", "curl: (7) refused"))
        self.assertIn("but with them, too: the API does not", self.fails(configure_node, fixtures.manifest(wanted)))
        self.answers, self.calls = [], []
        configure_node(fixtures.manifest())
        self.assertEqual(self.restarts(), ["systemctl restart bbb-graphql-middleware"])

    def test_a_full_disk_is_named_and_nothing_is_lost(self):
        for count in range(8):
            with self.subTest(count=count):
                left = [count]
                write = files._write_new

                def full(path, change, left=left, write=write):
                    if left[0] == 0:
                        left[0] = -1
                        raise OSError(28, "No space left on device", change.path)
                    left[0] -= 1
                    write(path, change)

                with mock.patch.object(files, "_write_new", full), self.assertRaises(Exception) as raised:
                    configure_node(fixtures.manifest())
                self.assertRegex(str(raised.exception), "disk is full|No space left")
                self.assertEqual(self.everything(), self.before)


class Killed(Node):
    """A run that is killed at an arbitrary moment, before a file's rename or before a program's start."""

    def run_until(self, moment, wanted):
        count = [0]
        replace, unlink, program = os.replace, os.unlink, self.run_program

        def step(do):
            def counted(*arguments):
                count[0] += 1
                if count[0] == moment:
                    raise SystemExit(137)
                return do(*arguments)

            return counted

        with (
            mock.patch("os.replace", step(replace)),
            mock.patch("os.unlink", step(unlink)),
            mock.patch("bbb_cluster.system.processes.runner", step(program)),
        ):
            try:
                configure_node(fixtures.manifest(wanted))
            except SystemExit:
                return True
        return False

    def law(self, prepare, check):
        moment = 1
        while True:
            for folder in os.listdir(self.root):
                shutil.rmtree(os.path.join(self.root, folder))
            self.calls = []
            for path, (content, mode) in self.before.items():
                self.put(path, content, mode)
            prepare()
            if not self.run_until(moment, None):
                break
            with self.subTest(moment=moment):
                check()
            moment += 1
        self.assertGreater(moment, 10)

    def test_the_next_run_completes_a_first_configuration(self):
        def check():
            configure_node(fixtures.manifest())
            self.assertEqual(self.everything(), self.wanted)
            last = max(i for i, call in enumerate(self.calls) if call == "bbb-conf --restart")
            self.assertIn("https://127.0.0.1/bigbluebutton/api", " ".join(self.calls[last:]))
            self.assertIsNone(self.get("/var/lib/bbb-cluster/journal.json"))

        configure_node(fixtures.manifest())
        self.wanted = self.everything()
        self.law(lambda: None, check)

    def test_the_next_run_with_the_old_manifest_goes_back_and_restarts_what_read_the_new_files(self):
        old = fixtures.files()
        old[0]["set"], old[2]["set"] = {"presentationBaseURL": "old"}, {"server.authorized_cross_origin": "old"}
        seen = {}

        def prepare():
            configure_node(fixtures.manifest(old))
            seen["old"], self.calls = self.everything(), []

        def check():
            restarted = set(self.called("systemctl restart"))
            self.calls = []
            configure_node(fixtures.manifest(old))
            self.assertEqual(self.everything(), seen["old"])
            self.assertLessEqual(restarted, set(self.calls))

        self.law(prepare, check)

    def test_a_run_that_repairs_may_be_killed_too(self):
        configure_node(fixtures.manifest())
        wanted = self.everything()

        def check():
            again = 1
            while self.run_until(again, None):
                again += 13
            self.assertEqual(self.everything(), wanted)
            self.assertEqual(json.loads(self.get("/var/lib/bbb-cluster/records.json"))["version"], 1)

        self.law(lambda: None, check)


if __name__ == "__main__":
    unittest.main()
