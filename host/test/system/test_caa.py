import json
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import caa, dns_query
from bbb_cluster.system.acme import LETS_ENCRYPT
from installation import Node, order
from name_server import CNAME, REFUSED, SERVFAIL, NameServer, code, records, silent
from name_server import caa as record
from programs import configure_node, configure_proxy
from support import Machine

NAME = "bbb.school.example.com"
OURS, OTHER = record(0, "issue", "letsencrypt.org"), record(0, "issue", "digicert.com")
NOBODY = record(0, "issue", ";")
MAIL = record(0, "iodef", "mailto:admin@example.com")
# As unbound 1.17 gives it: `0 iodef "mailto:admin@example.com"` and `0 issue "digicert.com"`.
UNBOUND = bytes.fromhex(
    "123485800001000200000000076578616d706c6503636f6d0001010001c00c0101000100000e10001f0005696f6465666d61696c746f3a"
    "61646d696e406578616d706c652e636f6dc00c0101000100000e1000130005697373756564696769636572742e636f6d"
)
# What is at which name, and whether Let's Encrypt may certify `NAME` (None), or what is quoted of the refusal.
TABLE = [
    ({}, None),
    ({NAME: records(OURS)}, None),
    ({NAME: records(OTHER)}, f'CAA of {NAME} (0 issue "digicert.com") does not allow letsencrypt.org'),
    ({NAME: records(NOBODY)}, f'CAA of {NAME} (0 issue ";") does not allow'),
    ({NAME: records(record(0, "issue", ""))}, "does not allow"),
    ({NAME: records(OTHER, OURS)}, None),
    # The closest name counts, and no other.
    ({"example.com": records(OTHER)}, "CAA of example.com (0 issue"),
    ({"com": records(OTHER)}, "CAA of com"),
    ({"example.com": records(OTHER), "school.example.com": records(OURS)}, None),
    ({"example.com": records(OURS), "school.example.com": records(OTHER)}, "CAA of school.example.com"),
    ({"example.com": records(OTHER), "school.example.com": records(MAIL)}, None),
    # An alias without records of the type says nothing, one with them has those of its target.
    ({NAME: records((CNAME, b"\xc0\x10")), "example.com": records(OTHER)}, "CAA of example.com"),
    ({NAME: records((CNAME, b"\xc0\x10"), OTHER)}, f"CAA of {NAME}"),
    # Only `issue` speaks of a name without a wildcard.
    ({NAME: records(record(0, "issuewild", ";"), record(128, "issuemail", ";"))}, None),
    ({NAME: records(record(0, "issuewild", "letsencrypt.org"), OTHER)}, "does not allow"),
    # Parameters are the account's and the CA's business.
    ({NAME: records(record(0, "issue", "letsencrypt.org; accounturi=https://x/acct/1"))}, None),
    ({NAME: records(record(0, "issue", " LetsEncrypt.org ;validationmethods=http-01"))}, None),
    ({NAME: records(record(0, "issue", "digicert.com; accounturi=https://letsencrypt.org/1"))}, "does not allow"),
    ({NAME: records(record(0, "issue", "letsencrypt.org.example.com"))}, "does not allow"),
    ({NAME: records(record(0, "ISSUE", "digicert.com"))}, "does not allow"),
    # What a CA must know and does not.
    ({NAME: records(OURS, record(128, "tbs", "x"))}, '(128 tbs "x") makes `tbs` critical'),
    ({NAME: records(OURS, record(0, "tbs", "x"), record(128, "iodef", "mailto:a@example.com"))}, None),
    # A look-up that fails forbids nothing, and what is above it does not count.
    ({NAME: code(SERVFAIL), "example.com": records(OTHER)}, None),
    ({"school.example.com": code(REFUSED), "example.com": records(OTHER)}, None),
    ({NAME: records(OTHER)[:2] + (b"\xc0\x0c\x01",)}, None),
    ({NAME: b"\0\0"}, None),
    ({NAME: records((257, b"\0"))}, None),
    # More than fits in a datagram.
    ({NAME: records(*[MAIL] * 20, OTHER)}, "does not allow"),
    ({"example.com": UNBOUND}, 'CAA of example.com (0 issue "digicert.com") does not allow'),
]


class LookingUp(Machine):
    def setUp(self):
        super().setUp()
        self.directory({"meta": {"caaIdentities": ["letsencrypt.org"]}})
        self.put(dns_query.RESOLVERS, "# by cloud-init\noptions edns0\nnameserver 127.0.0.1\nsearch example.com\n")
        self.patch(mock.patch.object(dns_query, "SECONDS", 0.2))

    def directory(self, says):
        self.on(f"^curl .*{LETS_ENCRYPT}", f"{json.dumps(says)}\n200")

    def served(self, answers):
        server = NameServer(answers)
        self.addCleanup(server.close)
        self.patch(mock.patch.object(dns_query, "PORT", server.port))
        return server

    def test_what_the_closest_records_say_is_what_a_ca_would_say(self):
        for answers, refused in TABLE:
            with self.subTest(answers=answers):
                self.served(answers)
                if refused is None:
                    caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)
                else:
                    message = self.fails(caa.refuse_what_is_forbidden, NAME, LETS_ENCRYPT)
                    self.assertIn(f"no certificate for {NAME}: ", message)
                    self.assertIn(refused, message)

    def test_the_remedy_is_a_record_that_would_do_and_when_to_run_again(self):
        self.served({"example.com": records(OTHER, ttl=600)})
        message = self.fails(caa.refuse_what_is_forbidden, NAME, LETS_ENCRYPT)
        self.assertIn('add `example.com. CAA 0 issue "letsencrypt.org"`, or remove it there; run again in 600', message)

    def test_names_are_asked_from_the_machine_s_up_to_the_first_that_has_records(self):
        server = self.served({"example.com": records(OURS)})
        caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)
        self.assertEqual(server.asked, [NAME, "school.example.com", "example.com"])

    def test_a_ca_that_does_not_say_how_it_is_called_forbids_nothing(self):
        self.served({NAME: records(OTHER)})
        for says in ({}, {"meta": {}}, {"meta": {"caaIdentities": []}}, {"meta": {"caaIdentities": None}}, [], "x"):
            with self.subTest(says=says):
                self.directory(says)
                caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)
        self.on("^curl", support.Result(7, "", "refused"))
        caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)

    def test_without_a_name_server_that_answers_nothing_is_forbidden(self):
        held = silent()
        self.addCleanup(held.close)
        self.patch(mock.patch.object(dns_query, "PORT", held.getsockname()[1]))
        caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)
        self.put(dns_query.RESOLVERS, "nameserver\n")
        caa.refuse_what_is_forbidden(NAME, LETS_ENCRYPT)


class BeforeTheCertificate(Node):
    def setUp(self):
        super().setUp()
        self.asked = []
        self.patch(mock.patch.object(caa, "refuse_what_is_forbidden", lambda *given: self.asked.append(given)))

    def test_an_installation_that_will_ask_for_a_certificate_looks_first(self):
        configure_node(order())
        self.assertEqual(self.asked, [("bbb-01.example.com", LETS_ENCRYPT)])

    def test_an_installation_that_has_a_certificate_does_not(self):
        self.put("/etc/letsencrypt/live/bbb-01.example.com/fullchain.pem", "")
        configure_node(order())
        self.assertEqual(self.asked, [])

    def test_the_proxy_looks_before_it_asks_and_not_when_it_has_one(self):
        live = "/etc/letsencrypt/live/bbb.example.com"
        self.on("^certbot", lambda _c: [self.put(f"{live}/{name}.pem", "") for name in ("fullchain", "privkey")] and "")
        request = {"hostname": "bbb.example.com", "email": "a@example.com", "files": [], "acmeDirectory": "https://ca"}
        configure_proxy(request)
        configure_proxy(request)
        self.assertEqual(self.asked, [("bbb.example.com", "https://ca")])


if __name__ == "__main__":
    unittest.main()
