import os
import stat
import unittest
from unittest import mock

from own_files import DIALPLAN, PDF, SLIDES, OwnFiles

import fixtures
from bbb_cluster.bigbluebutton import node_hook
from bbb_cluster.settings import request_log
from programs import configure_node, noted
from support import Result

# Says what it is told, and whether the node's settings and files are in force by then.
TELLING = """#!/bin/sh
echo "$BBB_CLUSTER_EVENT $BBB_CLUSTER_NODE $BBB_CLUSTER_HOSTNAME $BBB_CLUSTER_RELEASE" >> {log}
cat {slides} >> {log} 2>/dev/null
exit 0
"""


class Hook(OwnFiles):
    def setUp(self):
        super().setUp()
        self.patch(mock.patch.object(node_hook.followed, "POLL_SECONDS", 0.01))
        self.log = os.path.join(self.root, "told")
        self.hook = TELLING.format(log=self.log, slides=os.path.join(self.root, SLIDES[1:]))

    def told(self):
        """What the script has been told since the last time."""
        found = (self.get("/told") or b"").decode("latin1").splitlines()
        self.put("/told", b"")
        return found

    def test_it_runs_once_when_the_node_has_arrived_and_not_at_every_run(self):
        configure_node(self.request(hook=self.hook))
        self.assertEqual(self.told(), ["arrived bbb-01 bbb-01.example.com 3.0.30"])
        configure_node(self.request(hook=self.hook, repair="again"))
        self.assertEqual(self.told(), [])
        self.assertEqual(self.mode(node_hook.SCRIPT), stat.S_IRWXU)

    def test_it_runs_when_settings_and_files_are_in_force(self):
        self.on("bbb-conf --restart", lambda _c: self.put("/told", b"restarted\n") or "")
        configure_node(self.request(self.file(SLIDES, b"ours"), hook=self.hook))
        self.assertEqual(self.told(), ["restarted", "arrived bbb-01 bbb-01.example.com 3.0.30", "ours"])

    def test_it_runs_again_when_it_or_a_file_changed_and_after_an_upgrade(self):
        for own, hook, release, event in (
            ([], self.hook, "3.0.30", "arrived"),
            ([], self.hook + "# other\n", "3.0.30", "changed"),
            ([self.file(DIALPLAN, b"1")], self.hook + "# other\n", "3.0.30", "changed"),
            ([self.file(DIALPLAN, b"1", "0600")], self.hook + "# other\n", "3.0.30", "changed"),
            ([self.file(DIALPLAN, b"1", "0600", ["nginx"])], self.hook + "# other\n", "3.0.30", ""),
            ([self.file(DIALPLAN, b"1", "0600")], self.hook + "# other\n", "3.0.31", "upgraded"),
        ):
            with self.subTest(event=event, release=release):
                self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
                configure_node(self.request(*own, hook=hook))
                self.assertEqual([line.split()[0] for line in self.told()], [event] if event else [])

    def test_what_it_says_is_progress_line_by_line_without_control_characters(self):
        configure_node(self.request(hook="#!/bin/sh\nprintf 'one\\033[31m two\\nthree'\nprintf 'four\\n' >&2\n"))
        self.assertEqual(
            [line for line in self.said if line.startswith("nodeHook")], ["nodeHook: one two", "nodeHook: threefour"]
        )

    def test_a_failure_says_its_last_line_and_the_next_run_does_it_again_with_the_same_event(self):
        wanted = self.request(self.file(SLIDES, PDF), hook="#!/bin/sh\necho first\necho token=abc no route\nexit 3\n")
        for _ in range(2):
            self.assertEqual(
                self.fails(configure_node, wanted),
                "nodeHook ended with exit status 3, its last line: token=*** no route; all of it is in "
                "/var/log/bbb-cluster/node-hook.log: correct the script, then `pulumi up` again",
            )
            self.assertIn("running nodeHook (arrived)", self.said)
        self.assertEqual(request_log.load()["configure-node"], noted(wanted, "started"))
        # What was put in force before it stays.
        self.assertEqual(self.get(SLIDES), PDF)

    def test_one_that_was_cut_off_runs_again_also_when_everything_is_as_before(self):
        configure_node(self.request(hook=self.hook))
        self.fails(configure_node, self.request(hook="#!/bin/sh\nexit 1\n"))
        self.told()
        configure_node(self.request(hook=self.hook))
        self.assertEqual([line.split()[0] for line in self.told()], ["changed"])

    def test_one_that_does_not_end_is_stopped(self):
        self.patch(mock.patch.object(node_hook, "MINUTES", 0.001))
        message = self.fails(configure_node, self.request(hook="#!/bin/sh\necho waiting\nsleep 60\n"))
        self.assertIn("was stopped after 0.001 minutes, its last line: waiting", message)

    def test_an_interpreter_that_is_not_there_is_named_as_the_reason(self):
        message = self.fails(configure_node, self.request(hook="#!/no/such/interpreter\n"))
        self.assertIn("nodeHook cannot be started", message)

    def test_it_does_not_run_when_the_settings_are_not_in_force(self):
        self.on("bbb-conf --restart", Result(1))
        self.fails(configure_node, self.request(hook=self.hook))
        self.assertEqual(self.told(), [])

    def test_without_one_nothing_is_left_of_it(self):
        configure_node(self.request(hook=self.hook))
        configure_node(self.request())
        self.assertEqual((self.get(node_hook.RECORD), self.get(node_hook.SCRIPT)), (None, None))


if __name__ == "__main__":
    unittest.main()
