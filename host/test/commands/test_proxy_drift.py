import json
import os
import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import route
from bbb_cluster.settings import records
from bbb_cluster.system import paths
from programs import FindsDrift, add_route, configure_proxy, digest_of, drift, remove_route
from routes import CONF, OWNER, Routes, request

SITE = "/etc/nginx/conf.d/bbb-cluster.conf"
CLI_INI = "/etc/letsencrypt/cli.ini"


def proxy_request(**changes):
    """A request to configure a proxy."""
    file = {"path": SITE, "content": ["server {}"], "restart": ["nginx"]}
    wanted = {"hostname": "bbb.example.com", "addresses": [], "email": "a@example.com", "files": [file], "repair": ""}
    return {**wanted, "acmeDirectory": "https://acme.example.com/dir", "caCertificates": [], **changes}


class Proxy(FindsDrift, Routes):
    def setUp(self):
        super().setUp()
        for name in ("fullchain", "privkey"):
            self.put(f"/etc/letsencrypt/live/bbb.example.com/{name}.pem", "pem")
        configure_proxy(proxy_request())
        add_route(request())
        self.said = []

    def test_a_proxy_as_it_was_configured_is_in_order_and_tells_its_requests(self):
        requests = {
            "configure-proxy": {"digest": digest_of(proxy_request()), "state": "done"},
            "add-route bbb-01": {"digest": digest_of(request()), "state": "done"},
        }
        self.assertEqual(drift(), {"release": None, "findings": [], "requests": requests, "digest": ""})

    def test_files_of_every_scope_are_compared(self):
        self.put(SITE, "edited")
        self.put(CLI_INI, "server=https://other.example.com/dir\n")
        self.put(CONF, "edited")
        found = {(finding["path"], finding["state"]) for finding in self.findings()}
        self.assertEqual(found, {(SITE, "changed"), (CLI_INI, "changed"), (CONF, "changed")})
        configure_proxy(proxy_request(repair="x"))
        add_route(request(repair="x"))
        self.assertEqual(self.findings(), [])

    def test_a_route_that_was_removed_by_hand_or_has_other_rights_is_found(self):
        os.chmod(paths.on_host(CONF), 0o600)
        expected = {"path": CONF, "state": "changed", "key": "mode", "expected": "0644", "found": "0600"}
        self.assertEqual(self.findings(), [expected])
        add_route(request(repair="x"))
        self.assertEqual(self.findings(), [])
        os.unlink(paths.on_host(CONF))
        self.assertEqual(self.findings(), [{"path": CONF, "state": "missing"}])
        self.assertEqual(self.said[-1], f"{CONF} is missing")

    def test_a_route_that_left_is_not_missed(self):
        remove_route(request())
        self.assertEqual(self.findings(), [])

    def test_a_broken_record_hides_nothing_else(self):
        self.put(SITE, "edited")
        for text in ("", "{", "[]", "{}"):
            self.put(OWNER, text)
            found = [(finding["path"], finding["state"]) for finding in self.findings()]
            self.assertEqual(found, [(SITE, "changed"), (OWNER, "unreadable")])

    def test_no_text_of_the_machine_arrives_as_it_is(self):
        odd = "bbb\x1b]0;x\x07\u202e\n"
        self.put(f"{route.RECORDS}/{odd}.json", json.dumps({"written": "x"}))
        self.put(CLI_INI, "server=\\u001b[31mred\\u0007\\n\\u202e securitySalt=abc\n")
        text = json.dumps([self.findings(), self.said], ensure_ascii=False)
        for found in ([*finding.values()] for finding in drift()["findings"]):
            self.assertTrue(all(value.isprintable() for value in found), found)
        self.assertTrue(all(line.isprintable() for line in self.said))
        self.assertNotIn("abc", text)

    def test_expected_values_are_texts_without_control_characters_too(self):
        before = records.load()
        keys = {"server": {"set": "a\x1b[31m\u202e", "before": None}, "b": {"set": ["x", {"y": 1}], "before": None}}
        record = {**before.scope("trust")[CLI_INI], "keys": {**keys, "c": {"set": "held", "before": None}}}
        self.put(CLI_INI, "c=held\n")
        changed = before.replaced("trust", {CLI_INI: record})
        self.put(records.RECORDS, records.change(changed).content, 0o600)
        expected = [finding["expected"] for finding in self.findings()]
        self.assertEqual(expected, ["a", '["x", {"y": 1}]'])


if __name__ == "__main__":
    unittest.main()
