import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE_SECRET, ONE, Balanced, api
from bbb_cluster.balancer import scalelite_api
from bbb_cluster.balancer.balancer import Refused
from bbb_cluster.balancer.scalelite import Scalelite
from bbb_cluster.system import curl
from bbb_cluster.system.failure import Failure
from scalelite_server import SECRET, xml_error


class Answers(Balanced):
    real_curl = True
    TABLE = (
        # status, body, location → words of the message, and whether it is known that nothing was done
        (xml_error("checksumError"), "does not take our secret: set `loadBalancerSecret`", True),
        (xml_error("unsupportedRequest"), "it has to be 1.5.1 or newer", True),
        (xml_error("internalError"), "answers updateServer with internalError", False),
        (
            (404, {"error": "Couldn't find server with id=x"}),
            "refuses updateServer: Couldn't find server with id=x",
            True,
        ),
        ((400, {"error": "Invalid state parameter: on"}), "refuses updateServer: Invalid state parameter: on", True),
        ((500, "<html>We're sorry</html>"), "something else than JSON, HTTP status 500", False),
        ((502, "<html>Bad Gateway</html>"), "something else than JSON, HTTP status 502", False),
        ((200, "<html>Welcome</html>"), "something else than JSON, HTTP status 200", False),
        (
            (301, "", "https://lb2.example.com/scalelite/api/x?checksum=1"),
            "sends us to https://lb2.example.com: set",
            True,
        ),
        ((0, ""), "does not answer updateServer: curl: (52) Empty reply from server", False),
    )

    def test_what_is_no_answer_is_a_failure_that_names_the_url_and_what_to_do(self):
        self.there.put(ONE, "cordoned")
        for answer, words, is_refusal in self.TABLE:
            with self.subTest(answer=answer):
                self.there.canned = {"updateServer": answer}
                message = self.fails(self.balancer.enable, api(ONE))
                self.assertIn(words, message)
                self.assertIn(f"Scalelite at {self.there.url}", message)
                self.assertNotRegex(message, f"{SECRET}|{NODE_SECRET}|checksum=")
                with self.assertRaises(Failure) as raised:
                    self.balancer.enable(api(ONE))
                self.assertEqual(isinstance(raised.exception, Refused), is_refusal)

    def test_another_secret_is_not_taken(self):
        self.there.put(ONE)
        message = self.fails(Scalelite(self.there.url, "another secret").state, api(ONE))
        self.assertIn("does not take our secret", message)
        self.assertNotIn("another secret", message)

    def test_an_unreachable_one_is_named_with_the_reason(self):
        self.there.close()
        message = self.fails(self.balancer.state, api(ONE))
        self.assertIn(f"Scalelite at {self.there.url} does not answer getServers: curl: (7) ", message)

    def test_one_that_takes_too_long_is_given_up(self):
        late = support.Result(28, "\n000 ", "curl: (28) Operation timed out after 30001 milliseconds\n")
        self.patch(mock.patch.object(support.processes, "runner", lambda *_: late))
        self.assertIn("curl: (28) Operation timed out", self.fails(self.balancer.state, api(ONE)))

    def test_a_certificate_that_is_not_trusted_is_said_in_one_line(self):
        said = "curl: (60) SSL certificate problem: self-signed certificate\nMore details here: x\n\nTo learn more\n"
        self.patch(mock.patch.object(support.processes, "runner", lambda *_: support.Result(60, "", said)))
        self.assertEqual(curl.send("https://lb.example.com/").reason, said.splitlines()[0])

    def test_calls_are_bounded_in_time(self):
        self.there.put(ONE, "cordoned")
        scalelite_api.Api(self.there.url, SECRET).call("getServers", seconds=7)
        self.assertIn("--max-time 7", self.calls[-1])


if __name__ == "__main__":
    unittest.main()
