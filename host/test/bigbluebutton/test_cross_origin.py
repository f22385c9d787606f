"""What is asked is what checks/cross-origin.ts asks, and what browsers demand: the origin itself, with credentials."""

import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import cross_origin
from cluster_node import Node
from programs import configure_node
from support import Result, allowed

ORIGIN = "https://bbb.example.com"


def permission(method="OPTIONS", path="/bigbluebutton/api", **changes):
    """A row of a request."""
    by = {"unit": "bbb-web", "variable": "JDK_JAVA_OPTIONS"}
    return {"origin": ORIGIN, "method": method, "path": path, **by, **changes}


class Asking(Node):
    def configure(self, *rows, **changes):
        return configure_node(fixtures.manifest(crossOrigin=list(rows), **changes))

    def asked(self):
        return self.called("--dump-header")

    def test_it_is_asked_on_the_node_itself_as_a_browser_asks(self):
        self.configure(permission(), permission("GET"))
        for command, method in zip(self.asked(), ("OPTIONS", "GET")):
            self.assertIn("--connect-to bbb-01.example.com:443:127.0.0.1:443", command)
            self.assertIn(f"Origin: {ORIGIN}", command)
            self.assertEqual("Access-Control-Request-Method: GET" in command, method == "OPTIONS")
            self.assertIn(f"--request {method} ", command)
            self.assertTrue(command.endswith(" https://bbb-01.example.com/bigbluebutton/api"))

    def test_it_is_asked_after_a_change_and_only_then(self):
        self.configure(permission())
        self.assertEqual(len(self.asked()), 1)
        self.calls = []
        self.configure(permission(), repair="x")
        self.assertEqual(self.asked(), [])

    def test_rows_hold_for_their_releases(self):
        self.configure(permission(since="3.0.0"), permission(path="/new", since="3.0.31"), permission(before="3.0.0"))
        self.assertEqual(len(self.asked()), 1)

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
                message = self.fails(self.configure, permission())
                self.assertIn(f"pages of {ORIGIN} may not use /bigbluebutton/api of this node (OPTIONS: ", message)
                self.assertIn(seen, message)
                self.assertIn("bbb-web is told to allow it by JDK_JAVA_OPTIONS; look at ", message)
                self.assertIn("The previous files are back", message)
                self.assertEqual(self.everything(), before)

    def test_a_service_that_has_just_started_is_given_time(self):
        answers = ["HTTP/2 502\r\n\r\n"] * 20
        self.on("--dump-header", lambda _c: answers.pop() if answers else allowed(ORIGIN))
        self.configure(permission())
        self.assertEqual(len(self.asked()), 21)
        self.assertLess(self.time, cross_origin.SECONDS)

    def test_wrong_rows_are_refused(self):
        for row, message in (
            ({**permission(), "x": 1}, "`x` is not a known key of a permission"),
            (permission("POST"), "`method` must be one of GET, OPTIONS, got `POST`"),
            (permission(origin="bbb.example.com"), "`origin` and `path` must be like"),
            (permission(path="api"), "`origin` and `path` must be like"),
            ("x", "every entry of `crossOrigin` must be an object"),
        ):
            self.assertIn(message, self.fails(self.configure, row))


if __name__ == "__main__":
    unittest.main()
