import errno
import json
import os
import shutil
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.settings import request_log
from bbb_cluster.system import files
from cluster_node import Node
from fixtures import MIDDLEWARE
from installation import Node as Installing
from installation import order
from programs import add_route, configure_node, digest_of, remove_route
from routes import Routes
from routes import request as route_request
from support import Result

STATE = "/var/lib/bbb-cluster/"


class Mistake(Exception):
    """An error that nobody has thought of."""


def other():
    """A later request, in which one setting differs."""
    wanted = fixtures.files()
    wanted[2]["set"] = {"server.authorized_cross_origin": "other"}
    return fixtures.manifest(wanted)


def noted(request, state):
    """How a request is noted."""
    return {"digest": digest_of(request), "state": state}


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
        for text in ("", "{", "[]", "\udcff".encode("utf-8", "surrogateescape")):
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


class OfAnInstallation(Installing):
    def test_an_installation_that_failed_stays_noted_as_started(self):
        self.outcome, self.installs = "failed", None
        self.fails(configure_node, order())
        self.assertEqual(request_log.load(), {"configure-node": noted(order(), "started")})
        self.outcome, self.installs = "inactive", "3.0.30"
        configure_node(order())
        self.assertEqual(request_log.load(), {"configure-node": noted(order(), "done")})

    def test_it_is_noted_before_the_installer_starts(self):
        seen = []
        self.on("^systemd-run", lambda c: seen.append(request_log.load()["configure-node"]) or self.start(c))
        configure_node(order())
        self.assertEqual(seen, [noted(order(), "started")])

    def test_a_release_that_is_refused_is_not_noted(self):
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=2.7.5\n")
        self.fails(configure_node, order())
        self.assertEqual((request_log.load(), self.get(installer.STARTER)), ({}, None))


class OfARoute(Routes):
    KEY = "add-route bbb-01"

    def test_a_route_is_noted_as_long_as_it_is_there(self):
        add_route(route_request())
        self.put(request_log.REQUESTS, json.dumps({**request_log.load(), "add-route bbb-02": {}}))
        self.assertEqual(request_log.load()[self.KEY], noted(route_request(), "done"))
        remove_route(route_request(nodeServerId="43"))
        self.assertIn(self.KEY, request_log.load())
        remove_route(route_request())
        self.assertEqual(request_log.load(), {"add-route bbb-02": {}})

    def test_a_removal_that_was_killed_before_its_end_is_completed_by_the_next(self):
        add_route(route_request())
        with mock.patch.object(request_log, "forget", side_effect=SystemExit(137)), self.assertRaises(SystemExit):
            remove_route(route_request())
        remove_route(route_request())
        self.assertEqual(request_log.load(), {})

    def test_a_route_that_is_put_back_keeps_the_note_of_its_request(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.fails(add_route, route_request(locations=["location /other {", "}"]))
        self.assertEqual(request_log.load(), {self.KEY: noted(route_request(), "done")})

    def test_a_route_that_is_removed_again_has_no_note(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.fails(add_route, route_request(nodeServerId="43"))
        self.assertEqual(request_log.load(), {})

    def test_a_route_that_can_neither_be_proved_nor_put_back_stays_noted_as_started(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        changed = route_request(locations=["location /other {", "}"])
        self.on("nginx -t", lambda _c: Result(0 if self.reloads() < 2 else 1, "", "nginx: [emerg] no"))
        self.fails(add_route, changed)
        self.assertEqual(request_log.load(), {self.KEY: noted(changed, "started")})

    def test_a_node_that_is_not_healthy_changes_no_note(self):
        add_route(route_request())
        self.healthy = False
        self.fails(add_route, route_request(proxyServerId="18"))
        self.assertEqual(request_log.load(), {self.KEY: noted(route_request(), "done")})


if __name__ == "__main__":
    unittest.main()
