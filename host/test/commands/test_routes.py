import hashlib
import json
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton import route_files
from bbb_cluster.settings.transaction import JOURNAL
from bbb_cluster.system import lock
from programs import add_route, digest_of, remove_route
from routes import CONF, OWNER, UPSTREAM, Routes, request
from support import Result


class Adding(Routes):
    def test_a_route_is_added_after_the_node_is_asked_and_proved_through_the_front(self):
        result = {"request": digest_of(request()), "node": "bbb-01", "state": "present", "changed": True}
        self.assertEqual(add_route(request()), result)
        self.assertTrue(self.get(CONF).startswith(b"location = /bbb-01/html5client {\n"))
        self.assertIn(b"upstream bbb-01.example.com {\n    server 10.0.1.11:443;\n", self.get(UPSTREAM))
        owner = {"node": "bbb-01", "nodeServerId": "42", "proxyServerId": "17"}
        written = {path: hashlib.sha256(self.get(path)).hexdigest() for path in (UPSTREAM, CONF)}
        self.assertEqual(json.loads(self.get(OWNER)), {**owner, "written": written, "proved": True})
        tested = self.calls.index("nginx -t")
        node = "--connect-to bbb-01.example.com:443:10.0.1.11:443 https://bbb-01.example.com/bigbluebutton/api"
        self.assertIn(node, self.calls[0])
        self.assertLess(tested, self.calls.index("systemctl reload-or-restart nginx"))
        self.assertIn("127.0.0.1:443 https://bbb.example.com/bbb-01/html5client/", self.calls[-1])
        self.assertEqual(self.called("insecure"), [])

    def test_a_route_that_is_there_and_healthy_is_not_touched(self):
        add_route(request())
        self.calls = []
        self.assertEqual(add_route(request())["changed"], False)
        self.assertEqual((self.reloads(), self.called("nginx")), (0, []))

    def test_a_route_that_is_written_but_not_loaded_gets_loaded(self):
        add_route(request())
        self.loaded = False
        self.assertEqual(add_route(request())["changed"], True)
        self.assertTrue(self.loaded)

    def test_a_node_that_is_not_healthy_gets_no_route_within_three_minutes(self):
        self.healthy = False
        message = self.fails(add_route, request())
        self.assertIn("bbb-01 failed its health check; its route is unchanged: ", message)
        self.assertIn("curl: (7) Failed to connect", message)
        self.assertLess(abs(self.time - 180), 10)
        self.assertIsNone(self.get(CONF))

    def test_a_node_that_becomes_healthy_is_waited_for(self):
        self.healthy = False
        self.on("^curl .*--connect-to bbb-01", lambda c: self.node(c) if self.time < 60 else self.page(c))
        add_route(request())
        self.assertEqual(self.time, 60)

    def test_a_node_out_of_cluster_mode_is_not_healthy(self):
        for body, words in (
            (
                '{"response": {"graphqlWebsocketUrl": "wss://other/graphql"}}\n200',
                "names wss://other/graphql, expected",
            ),
            ("<response/>\n200", "does not name graphqlWebsocketUrl"),
            ("bad gateway\n502", "HTTP status 502"),
        ):
            self.on("^curl .*--connect-to bbb-01", body)
            self.assertIn(words, self.fails(add_route, request()))

    def test_a_configuration_that_nginx_refuses_leaves_the_old_route(self):
        add_route(request())
        self.calls = []
        self.on("nginx -t", Result(1, "", "nginx: [emerg] unexpected }\nnginx: configuration test failed\n"))
        message = self.fails(add_route, request(nodeAddress="10.0.1.12", nodeServerId="43"))
        self.assertIn("nginx: [emerg] unexpected }. The previous files are back, nothing was restarted", message)
        self.assertIn(b"10.0.1.11", self.get(UPSTREAM))
        self.assertEqual(json.loads(self.get(OWNER))["nodeServerId"], "42")
        self.assertEqual(self.reloads(), 0)

    def test_a_route_that_leads_nowhere_is_removed_again(self):
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        message = self.fails(add_route, request())
        self.assertIn("its route is removed again: https://bbb.example.com/bbb-01/bigbluebutton/api", message)
        self.assertEqual((self.get(CONF), self.get(OWNER), self.reloads()), (None, None, 2))

    def test_an_answer_that_is_not_the_node_s_own_does_not_count(self):
        self.on("^curl .*--connect-to bbb.example.*html5client/$", lambda _c: "<h1>Welcome</h1>\n200")
        message = self.fails(add_route, request())
        self.assertIn("/bbb-01/html5client/ gives another page than bbb-01 itself does", message)
        self.assertEqual((self.get(CONF), self.loaded), (None, False))

    def test_a_node_without_that_api_is_known_by_its_name_in_the_page(self):
        meteor = request(client="meteor")
        page = "<script>DDP = 'https%3A%2F%2Fbbb-01.example.com%2Fbbb-01'; at = {time}</script>\n200"
        self.on("^curl .*--connect-to bbb-01", lambda _c: page.replace("{time}", "1"))
        self.on("^curl .*--connect-to bbb.example", lambda _c: page if self.loaded else "gone\n404")
        self.assertEqual(add_route(meteor)["changed"], True)
        self.assertEqual(self.called("/api$"), [])
        self.on("^curl .*--connect-to bbb.example", page.replace("bbb-01.example", "bbb-02.example"))
        self.assertIn("does not name bbb-01.example.com for its websocket", self.fails(add_route, meteor))

    def test_requests_with_holes_are_refused(self):
        for change, words in (
            ({"node": "../x"}, "`node` must be a host label"),
            ({"nodeServerId": None}, "no `nodeServerId`"),
            ({"nodeServerid": "1"}, "`nodeServerid` is not a known key of the request"),
            ({"nodeAddress": "bbb-01"}, "`nodeAddress` must be an IPv4 address"),
            ({"proxyHostname": "bbb"}, "`proxyHostname` must be a host name"),
            ({"client": "other"}, "`client` must be static or meteor"),
        ):
            self.assertIn(words, self.fails(add_route, request(**change)))


class Removing(Routes):
    def test_the_owner_removes_its_route(self):
        add_route(request())
        result = remove_route(request(nodeServerId=42))
        self.assertEqual((result["state"], result["changed"]), ("absent", True))
        self.assertEqual((self.get(CONF), self.get(OWNER), self.loaded), (None, None, False))

    def test_a_route_that_was_added_for_another_server_since_stays(self):
        add_route(request())
        add_route(request(nodeServerId="43"))
        self.calls = []
        self.assertEqual(remove_route(request())["state"], "present")
        self.assertIn("the route of bbb-01 belongs to server 43, not to 42: it is unchanged", self.said)
        self.assertEqual((self.called("nginx"), self.loaded), ([], True))

    def test_what_a_killed_run_has_written_is_in_force_even_if_the_route_is_not_ours_to_remove(self):
        add_route(request())
        self.killed_at("systemctl reload-or-restart nginx", request(nodeAddress="10.0.1.12", nodeServerId="43"))
        self.loaded = False
        self.assertEqual(remove_route(request())["state"], "present")
        self.assertIn(b"10.0.1.12", self.get(UPSTREAM))
        self.assertTrue(self.loaded)
        self.assertIsNone(self.get(JOURNAL))

    def test_an_absent_route_may_be_removed_again(self):
        self.assertEqual(remove_route({"node": "bbb-01", "nodeServerId": "42"})["changed"], False)
        self.assertEqual(self.called("nginx"), [])

    def test_a_run_killed_before_the_reload_is_completed_by_the_next(self):
        add_route(request())
        self.killed_at("systemctl reload-or-restart nginx", request(), remove_route)
        remove_route(request())
        self.assertEqual((self.get(CONF), self.loaded), (None, False))


class AtTheSameTime(Routes):
    def test_nginx_is_reloaded_once_for_all_that_have_been_written(self):
        self.on("^curl .*--connect-to bbb-02", lambda command: self.page(command))
        second = request(node="bbb-02", nodeHostname="bbb-02.example.com")
        free, others = lock.is_free, [lambda: add_route(second)]

        def meanwhile(path):
            # The first has written its files, and has not yet reloaded.
            if others:
                others.pop()()
            return free(path)

        with mock.patch.object(lock, "is_free", meanwhile):
            self.assertEqual(add_route(request())["changed"], True)
        self.assertEqual(self.reloads(), 1)
        self.assertIsNone(self.get(JOURNAL))

    def test_who_reloads_waits_for_those_who_are_about_to_write_but_not_for_ever(self):
        with lock.shared(route_files.WRITING):
            add_route(request())
        self.assertLess(abs(self.time - route_files.OTHERS_SECONDS), 1)
        self.assertTrue(self.loaded)

    def test_a_route_that_nobody_has_proved_is_removed_when_it_leads_nowhere(self):
        self.killed_at("--connect-to bbb.example", request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.assertIn("its route is removed again", self.fails(add_route, request()))
        self.assertEqual((self.get(CONF), self.get(OWNER)), (None, None))


if __name__ == "__main__":
    unittest.main()
