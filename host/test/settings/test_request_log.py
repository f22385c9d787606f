import errno
import json
import os
import shutil
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.settings import request_log
from bbb_cluster.system import files
from cluster_node import Node
from fixtures import MIDDLEWARE
from programs import configure_node, digest_of, noted
from support import Result

STATE = "/var/lib/bbb-cluster/"


class Mistake(Exception):
    """An error that nobody has thought of."""


def other():
    """A later request, in which one setting differs."""
    wanted = fixtures.files()
    wanted[2]["set"] = {"server.authorized_cross_origin": "other"}
    return fixtures.manifest(wanted)


class OfANode(Node):
    def note(self):
        return request_log.load().get("configure-node")

    def test_a_request_that_was_carried_out_is_noted_as_done(self):
        for request in (fixtures.manifest(), fixtures.manifest(), other(), fixtures.manifest(repair="again")):
            result = configure_node(request)
            self.assertEqual((result["request"], self.note()), (digest_of(request), noted(request, "done")))
        self.assertEqual(self.mode(request_log.REQUESTS), 0o600)

    def test_it_is_noted_as_started_before_anything_is_written(self):
        configure_node(fixtures.manifest())
        seen = []
        self.on("systemctl restart", lambda _c: seen.append(self.note()) or "")
        configure_node(other())
        self.assertEqual(seen, [noted(other(), "started")])

    def test_a_failure_that_was_rolled_back_leaves_the_earlier_note(self):
        self.on("nginx -t", Result(1, "", "nginx: [emerg] no"))
        self.fails(configure_node, fixtures.manifest())
        self.assertIsNone(self.note())
        self.on("nginx -t", "")
        configure_node(fixtures.manifest())
        self.on("^curl", "bad\n500")
        self.fails(configure_node, other())
        self.assertEqual(self.note(), noted(fixtures.manifest(), "done"))

    def test_a_failure_before_the_first_write_leaves_the_earlier_note(self):
        configure_node(fixtures.manifest())
        self.put(fixtures.HTML5, "a: b: c\n")
        self.fails(configure_node, other())
        self.assertEqual(self.note(), noted(fixtures.manifest(), "done"))

    def test_a_rollback_that_fails_leaves_it_as_started(self):
        configure_node(fixtures.manifest())
        write = files._write_new

        def full(path, change):
            if change.path == MIDDLEWARE and b"other" not in change.content:
                raise OSError(errno.EIO, "Input/output error", path)
            write(path, change)

        self.on("systemctl restart", Result(1, "", "no"))
        with mock.patch.object(files, "_write_new", full), self.assertRaises(OSError):
            configure_node(other())
        self.assertEqual(self.note(), noted(other(), "started"))

    def test_certificates_that_were_changed_are_not_rolled_back_with_the_files(self):
        configure_node(fixtures.manifest())
        request = {**other(), "acmeDirectory": "https://acme.example.com/directory"}
        self.on("systemctl restart", Result(1, "", "no"))
        self.fails(configure_node, request)
        self.assertEqual(self.note(), noted(request, "started"))

    def test_a_disk_that_is_full_in_the_end_leaves_it_as_started(self):
        write = files._write_new

        def full(path, change):
            if change.path == request_log.REQUESTS and b"done" in change.content:
                raise OSError(errno.ENOSPC, "No space left on device", path)
            write(path, change)

        with mock.patch.object(files, "_write_new", full):
            configure_node(fixtures.manifest())
        self.assertEqual(self.note(), noted(fixtures.manifest(), "started"))

    def test_notes_that_cannot_be_read_count_as_none(self):
        odd = [("a\u001b[31m", noted({}, "done")), ("a", {}), ("a", []), ("a", {"digest": 1, "state": "done"})]
        odd += [("a", {**noted({}, "done"), "x": 1}), ("a", noted({}, "\u001b"))]
        for text in ("", "{", "[]", b"\xff", *(json.dumps({key: note}) for key, note in odd)):
            self.put(request_log.REQUESTS, text)
            self.assertEqual(request_log.load(), {})
        configure_node(fixtures.manifest())
        self.assertEqual(self.note(), noted(fixtures.manifest(), "done"))


class Ended(Node):
    """A run that ends at an arbitrary moment, before a file's rename or before a program's start."""

    def run_until(self, moment, kind):
        count = [0]

        def step(do):
            def counted(*arguments):
                count[0] += 1
                if count[0] == moment:
                    raise kind
                return do(*arguments)

            return counted

        with (
            mock.patch("os.replace", step(os.replace)),
            mock.patch("os.unlink", step(os.unlink)),
            mock.patch("bbb_cluster.system.processes.runner", step(self.run_program)),
        ):
            try:
                configure_node(other())
            except kind:
                return True
        return False

    def again(self):
        for folder in os.listdir(self.root):
            shutil.rmtree(os.path.join(self.root, folder))
        for path, (content, mode) in self.before.items():
            self.put(path, content, mode)
        configure_node(fixtures.manifest())

    def law(self, kind):
        self.again()
        old, states, moment = self.everything(), [], 1
        while self.run_until(moment, kind):
            note = request_log.load()["configure-node"]
            with self.subTest(moment=moment):
                if self.everything() != old:
                    self.assertEqual(note["digest"], digest_of(other()))
                self.assertIn(note, (noted(fixtures.manifest(), "done"), noted(other(), "started")))
            states.append(note["state"])
            self.again()
            moment += 1
        self.assertEqual(request_log.load()["configure-node"], noted(other(), "done"))
        self.assertGreater(states.count("started"), 10)
        # Once it is noted, it stays so until the end.
        self.assertEqual(states, sorted(states))

    def test_a_run_that_is_killed_after_its_first_write_stays_noted_as_started(self):
        self.law(SystemExit)

    def test_so_does_a_run_that_ends_by_a_mistake_of_ours(self):
        self.law(Mistake)


if __name__ == "__main__":
    unittest.main()
