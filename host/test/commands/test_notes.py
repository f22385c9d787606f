import json
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import installer
from bbb_cluster.settings import request_log
from installation import Node as Installing
from installation import order
from programs import add_route, configure_node, noted, remove_route
from routes import Routes
from routes import request as route_request
from support import Result


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
        self.put(request_log.REQUESTS, json.dumps({**request_log.load(), "add-route bbb-02": noted({}, "done")}))
        self.assertEqual(request_log.load()[self.KEY], noted(route_request(), "done"))
        remove_route(route_request(nodeServerId="43"))
        self.assertIn(self.KEY, request_log.load())
        remove_route(route_request())
        self.assertEqual(request_log.load(), {"add-route bbb-02": noted({}, "done")})

    def test_a_removal_that_was_killed_before_its_end_is_completed_by_the_next(self):
        add_route(route_request())
        with mock.patch.object(request_log, "forget", side_effect=SystemExit(137)), self.assertRaises(SystemExit):
            remove_route(route_request())
        remove_route(route_request())
        self.assertEqual(request_log.load(), {})

    def test_a_route_that_is_put_back_keeps_the_note_of_its_request(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.fails(add_route, route_request(nodeAddress="10.0.1.12"))
        self.assertEqual(request_log.load(), {self.KEY: noted(route_request(), "done")})

    def test_a_route_that_is_removed_again_has_no_note(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.fails(add_route, route_request(nodeServerId="43"))
        self.assertEqual(request_log.load(), {})

    def test_a_route_that_can_neither_be_proved_nor_put_back_stays_noted_as_started(self):
        add_route(route_request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        changed = route_request(nodeAddress="10.0.1.12")
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
