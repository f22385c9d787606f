import json
import os
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import closed_site
from bbb_cluster.settings import records
from bbb_cluster.system import paths
from bbb_cluster.system.lock import Lock
from drifting_node import Drifting
from fixtures import DROP_IN, HTML5, MIDDLEWARE, NGINX, PROPERTIES
from programs import configure_node, digest_of, drift


class Finding(Drifting):
    def test_a_node_as_it_was_configured_is_in_order(self):
        requests = {"configure-node": {"digest": digest_of(fixtures.manifest()), "state": "done"}}
        expected = {"release": "3.0.30", "findings": [], "requests": requests, "digest": ""}
        self.assertEqual((drift(), self.said), (expected, []))

    def test_a_node_that_we_do_not_manage_is_in_order(self):
        configure_node(fixtures.manifest([]))
        self.assertEqual(drift()["findings"], [])

    def test_keys_that_were_changed_or_removed_are_named_with_their_values(self):
        self.edit(PROPERTIES, "presentationBaseURL=https://bbb-01", "presentationBaseURL=http://bbb-01")
        self.edit(HTML5, "    basename: /bbb-01/html5client\n", "")
        old = "https://bbb-01.example.com/bigbluebutton/presentation"
        key = "public.app.basename"
        self.assertEqual(
            self.findings(),
            [
                {
                    "path": PROPERTIES,
                    "state": "changed",
                    "key": "presentationBaseURL",
                    "expected": old,
                    "found": old.replace("s", "", 1),
                },
                {"path": HTML5, "state": "missing", "key": key, "expected": "/bbb-01/html5client"},
            ],
        )
        self.assertIn(f"{HTML5}: {key} is missing: expected /bbb-01/html5client", self.said)
        self.assertEqual(self.repairs(), ["bbb-apps-akka", "bbb-web"])

    def test_foreign_edits_are_none_of_our_business(self):
        self.put(PROPERTIES, self.get(PROPERTIES) + b"maxNumPages=1\n")
        self.edit(HTML5, "# the end", "# The End")
        self.assertEqual(self.findings(), [])

    def test_files_that_were_removed_replaced_or_edited_are_told_apart(self):
        os.unlink(paths.on_host(NGINX))
        self.put(PROPERTIES, "securitySalt=x\n", 0o640)
        self.edit(DROP_IN, "-Da=b", "-Da=c")
        states = [(finding["path"], finding["state"]) for finding in self.findings()]
        self.assertEqual(states, [(PROPERTIES, "replaced"), (NGINX, "missing"), (DROP_IN, "changed")])
        self.assertEqual(sorted(self.repairs()), ["bbb-web", "daemon-reload", "nginx"])

    def test_a_file_of_ours_that_is_again_what_it_was_before_counts_as_replaced(self):
        configure_node(fixtures.manifest([]))
        self.put(NGINX, "from the package\n")
        configure_node(fixtures.manifest())
        self.put(NGINX, "from the package\n")
        self.assertEqual(self.findings(), [{"path": NGINX, "state": "replaced"}])

    def test_rights_count_too(self):
        os.chmod(paths.on_host(NGINX), 0o600)
        self.assertEqual(
            self.findings(), [{"path": NGINX, "state": "changed", "key": "mode", "expected": "0644", "found": "0600"}]
        )
        self.repairs()

    def test_a_file_that_is_broken_or_no_file_is_unreadable(self):
        self.put(HTML5, "a: b: c\n")
        os.unlink(paths.on_host(MIDDLEWARE))
        os.mkdir(paths.on_host(MIDDLEWARE))
        html5, middleware = self.findings()
        self.assertEqual((html5["state"], middleware["state"]), ("unreadable", "unreadable"))
        self.assertIn(f"{HTML5} cannot be read: not valid YAML, line 1", self.said[0])
        self.assertIn("not a regular file", middleware["found"])

    def test_secrets_are_not_shown(self):
        wanted = fixtures.files()
        wanted[0]["set"] = {"dbPassword": "hunter22", "note": "a", "plain": "b"}
        configure_node(fixtures.manifest(wanted))
        self.edit(PROPERTIES, "hunter22", "hunter33")
        self.edit(PROPERTIES, "note=a", "note=token: x")
        for finding in self.findings():
            self.assertEqual(set(finding), {"path", "state", "key"})
        self.assertNotIn("hunter", "\n".join(self.said))

    def test_another_release_than_the_one_configured_for_is_found(self):
        for release in ("3.0.31", "4.0.1"):
            self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
            found = {"path": fixtures.RELEASE, "state": "release", "expected": "3.0.30", "found": release}
            self.assertEqual(self.findings(), [found])
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.31\n")
        self.assertEqual(self.repairs(), [])
        os.unlink(paths.on_host(fixtures.RELEASE))
        self.assertEqual(self.findings()[0]["state"], "missing")

    def test_a_release_file_that_says_nothing_hides_nothing_else(self):
        self.put(fixtures.RELEASE, "\x1b[31m\n")
        self.edit(NGINX, "/x", "/y")
        release, nginx = self.findings()
        self.assertEqual((release["path"], release["state"]), (fixtures.RELEASE, "unreadable"))
        self.assertEqual((nginx["path"], drift()["release"]), (NGINX, None))

    def test_an_interrupted_run_is_found_unless_it_still_goes_on(self):
        self.put("/var/lib/bbb-cluster/journal.json", json.dumps({"entries": [], "units": ["nginx"]}))
        self.put(closed_site.CONF, "closed")
        self.assertEqual([finding["state"] for finding in self.findings()], ["interrupted", "closed"])
        with Lock("configure-node"):
            self.assertEqual(drift()["findings"], [])
        self.assertIn("another host program is at work here", self.said[-1])
        self.assertEqual(self.repairs(), ["nginx"])


class Digests(Drifting):
    def test_the_same_drift_has_the_same_digest_and_another_has_another(self):
        self.edit(MIDDLEWARE, "bbb.example.com", "other")
        first = drift()["digest"]
        self.assertEqual((len(first), drift()["digest"]), (64, first))
        os.utime(paths.on_host(MIDDLEWARE), ns=(1, 1))
        second = drift()["digest"]
        self.edit(NGINX, "/x", "/y")
        self.assertEqual(len({first, second, drift()["digest"]}), 3)


class Speed(Drifting):
    def test_it_asks_systemd_and_nginx_alone_and_takes_no_lock(self):
        with mock.patch("fcntl.flock", side_effect=BlockingIOError):
            drift()
        self.assertEqual([call.split(" -p ")[0] for call in self.calls], ["systemctl show"] * 2 + ["nginx -t"])

    def test_records_that_cannot_be_read_are_an_error(self):
        self.put(records.RECORDS, "{")
        self.assertIn("cannot be read: restore it", self.fails(drift))


if __name__ == "__main__":
    unittest.main()
