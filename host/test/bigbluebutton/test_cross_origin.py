"""What is asked is what checks/cross-origin.ts asks, and what browsers demand: the origin itself, with credentials."""

import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import cross_origin
from cluster_node import Node
from programs import configure_node
from support import Result, allowed

ORIGIN = "https://bbb.example.com"
API, REST = "/bigbluebutton/api", "/api/rest/meetingStaticData"


class Asking(Node):
    def configure(self, proxy="bbb.example.com", **changes):
        return configure_node(fixtures.manifest(**{"proxyHostname": proxy, **changes}))

    def asked(self):
        """Method and path of each request with an origin."""
        calls = [call.split() for call in self.called("--dump-header")]
        return [(call[call.index("--request") + 1], call[-1].partition("example.com")[2]) for call in calls]

    def test_it_is_asked_on_the_node_itself_as_a_browser_asks(self):
        self.configure()
        self.assertEqual(self.asked(), [("OPTIONS", API), ("GET", API), ("OPTIONS", REST)])
        for command, (method, _) in zip(self.called("--dump-header"), self.asked()):
            self.assertIn("--connect-to bbb-01.example.com:443:127.0.0.1:443", command)
            self.assertIn(f"Origin: {ORIGIN}", command)
            self.assertEqual("Access-Control-Request-Method: GET" in command, method == "OPTIONS")

    def test_it_is_asked_after_a_change_and_only_then(self):
        self.configure()
        self.calls = []
        self.configure(repair="x")
        self.assertEqual(self.asked(), [])

    def test_what_is_asked_depends_on_the_release(self):
        for release, expected in (
            ("2.5.18", []),
            ("2.6.0", [("OPTIONS", API), ("GET", API)]),
            ("2.7.15", [("OPTIONS", API), ("GET", API)]),
            ("4.0.0-rc.5", [("OPTIONS", API), ("GET", API), ("OPTIONS", REST)]),
        ):
            self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
            self.calls = []
            self.configure(release=release[:3], files=fixtures.rows(fixtures.files()[:1]))
            self.assertEqual(self.asked(), expected, release)
            configure_node(fixtures.manifest([], release=release[:3]))

    def test_a_node_without_a_proxy_allows_nobody_anything(self):
        configure_node(fixtures.manifest([]))
        configure_node(fixtures.manifest())
        self.assertEqual(self.asked(), [])

    def test_what_a_browser_would_refuse_rolls_the_change_back_and_says_what_to_look_at(self):
        before = self.everything()
        for answer, seen in (
            ("HTTP/1.1 403 \r\nVary: Origin\r\n\r\n", "HTTP status 403, allowed is nobody, credentials: no"),
            (allowed("*"), "HTTP status 204, allowed is *, credentials: true"),
            (allowed(ORIGIN, "false"), f"allowed is {ORIGIN}, credentials: false"),
            (allowed(f"{ORIGIN}/"), f"allowed is {ORIGIN}/, credentials"),
            (allowed("https://other.example.com", status="200"), "HTTP status 200, allowed is https://other"),
            (allowed(ORIGIN) + "HTTP/2 403\r\n\r\n", "HTTP status 403, allowed is nobody"),
            (Result(7, "", "curl: (7) Failed to connect\n"), "(OPTIONS: curl: (7) Failed to connect)"),
        ):
            with self.subTest(answer=answer):
                self.on("--dump-header", answer)
                message = self.fails(self.configure)
                self.assertIn(f"pages of {ORIGIN} may not use {API} of this node (OPTIONS: ", message)
                self.assertIn(seen, message)
                self.assertIn("bbb-web is told to allow it by JDK_JAVA_OPTIONS; look at ", message)
                self.assertIn("The previous files are back", message)
                self.assertEqual(self.everything(), before)

    def test_each_of_them_counts(self):
        for method, path, cause in (
            ("GET", API, "bbb-web is told to allow it by JDK_JAVA_OPTIONS"),
            ("OPTIONS", REST, "bbb-graphql-server is told to allow it by HASURA_GRAPHQL_CORS_DOMAIN"),
        ):
            self.on(f"--dump-header .*--request {method} .*{path}$", "HTTP/2 403\r\n\r\n")
            self.assertIn(cause, self.fails(self.configure))
            self.answers = []

    def test_a_service_that_has_just_started_is_given_time(self):
        answers = ["HTTP/2 502\r\n\r\n"] * 20
        self.on("--dump-header", lambda _c: answers.pop() if answers else allowed(ORIGIN))
        self.configure()
        self.assertEqual(len(self.asked()), 23)
        self.assertLess(self.time, cross_origin.SECONDS)

    def test_a_proxy_that_is_no_name_is_refused(self):
        self.assertIn("`proxyHostname` must be a host name", self.fails(self.configure, "bbb"))


if __name__ == "__main__":
    unittest.main()
