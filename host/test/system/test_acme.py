"""What certbot prints, as reported in public (certbot#6318, #4827, Internet.nl#1885) or in the words of RFC 8555."""

import unittest

import support  # noqa: F401
from bbb_cluster.system import acme
from support import Machine

TOO_MANY = "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s"
FRAME = "Requesting a certificate for bbb.example.com\nAn unexpected error occurred:\n{}\nAsk for help or search.\n"
HINT = "Hint: The CA failed to verify.\n\nSome challenges have failed."
PROBLEM = "  Domain: bbb.example.com\n  Type:   {}\n  Detail: {}\n\n" + HINT
URN = "urn:ietf:params:acme:error:{} :: {}"
CAA = "Error finalizing order :: While processing CAA for bbb.example.com: CAA record for example.com prevents issuance"
# What is printed, what has to be quoted of it, and the class.
TABLE = [
    (FRAME.format(f"{TOO_MANY}, retry after 2026-11-27 10:00:00 UTC"), TOO_MANY, "rate limit"),
    (
        FRAME.format(URN.format("rateLimited", "too many failed authorizations recently")),
        "too many failed",
        "rate limit",
    ),
    (
        FRAME.format("too many new orders (300) from this account, retry after 2026-11-27T10:00:00Z"),
        "300",
        "rate limit",
    ),
    (FRAME.format(CAA), "CAA record for example.com prevents issuance", "CAA"),
    (PROBLEM.format("caa", "CAA record for example.com prevents issuance"), "CAA record for example.com", "CAA"),
    (FRAME.format(URN.format("caa", 'rechecking caa: ["example.com"]')), "rechecking caa", "CAA"),
    (
        FRAME.format(URN.format("invalidContact", 'contact email has forbidden domain "example.com"')),
        "forbidden domain",
        "contact",
    ),
    (
        FRAME.format("Error creating new account :: invalid contact domain. Contact emails @example.com"),
        "@example.com",
        "contact",
    ),
    (FRAME.format(URN.format("unsupportedContact", "only mailto")), "only mailto", "contact"),
    (PROBLEM.format("dns", "DNS problem: NXDOMAIN looking up A for bbb.example.com"), "NXDOMAIN looking up A", "DNS"),
    (PROBLEM.format("dns", "DNS problem: SERVFAIL looking up CAA for example.com"), "SERVFAIL looking up CAA", "DNS"),
    (
        PROBLEM.format("connection", "203.0.113.1: Timeout during connect (likely firewall problem)"),
        "Timeout",
        "port 80",
    ),
    (PROBLEM.format("unauthorized", "203.0.113.1: Invalid response from http://bbb/: 404"), "404", "port 80"),
    (
        FRAME.format(
            "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='acme.example.com', port=443): Max retries "
            "exceeded with url: /directory (Caused by NewConnectionError('[Errno 111] Connection refused'))"
        ),
        "Connection refused",
        "network",
    ),
    (FRAME.format(URN.format("serverInternal", "Service busy; retry later.")), "Service busy", "the CA"),
    (FRAME.format("something that nobody has seen before"), "nobody has seen", None),
    (FRAME.format(URN.format("badNonce", "JWS has an invalid anti-replay nonce")), "anti-replay nonce", None),
]


class Explaining(Machine):
    def explain(self, output):
        return acme.explain("bbb.example.com", acme.LETS_ENCRYPT, output)

    def test_every_reason_is_quoted_and_advised_on_by_its_class(self):
        for output, quoted, kind in TABLE:
            with self.subTest(output=output):
                said = self.explain(output)
                self.assertIn(quoted, said)
                self.assertEqual(acme.kind_of(output), kind)
                advice = acme._ADVICE.get(kind)
                given = [text for text in acme._ADVICE.values() if said.endswith(f"; {text}")]
                self.assertEqual(given, [advice] if advice else [])
                self.assertNotIn("Ask for help", said)
                self.assertNotIn("Hint", said)

    def test_what_is_not_about_a_certificate_is_nothing_to_explain(self):
        for output in ("", "Unpacking nginx\nE: Broken packages\n", "Hello\n"):
            self.assertIsNone(self.explain(output))

    def test_only_a_time_that_is_named_is_remembered(self):
        self.assertIn("this is a rate limit: run again when it has passed", self.explain(FRAME.format(TOO_MANY)))
        self.assertIsNone(self.get(acme.LATER))
        self.explain(FRAME.format(f"{TOO_MANY}, retry after 2026-11-27T10:00:00Z: see x"))
        self.assertIn(b'"until": "2026-11-27 10:00 UTC"', self.get(acme.LATER))
        self.assertEqual(self.mode(acme.LATER), 0o600)

    def test_a_note_that_is_none_of_ours_stops_nobody(self):
        for text in ("", "{", "[]", '{"until": 1}', '{"until": "soon", "hostname": "bbb.example.com"}'):
            self.put(acme.LATER, text)
            acme.refuse_before_its_time("bbb.example.com", acme.LETS_ENCRYPT)


if __name__ == "__main__":
    unittest.main()
