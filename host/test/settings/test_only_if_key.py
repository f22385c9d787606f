"""
LiveKit's file. Its package makes keys only where there is no file, reads them with `yq '.keys | keys'` under `bash -e`
where there is one, and stays half configured without them (bbb-livekit's postinst).
"""

import os
import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.settings import records
from bbb_cluster.system import paths
from drifting_node import Drifting
from programs import configure_node

LIVEKIT = "/etc/bigbluebutton/livekit.yaml"
KEYS = "keys:\n  APIabc: s3cr3t\n"
OURS = 'rtc:\n  ips:\n    excludes: ["10.0.0.0/16"]\n'


def request(value=("10.0.0.0/16",), **changes):
    """A request with LiveKit's file in it."""
    settings = {"rtc.ips.excludes": list(value)}
    file = {"path": LIVEKIT, "format": "yaml", "onlyIfKey": "keys", "set": settings, "restart": ["livekit-server"]}
    return fixtures.manifest([*fixtures.files(), file], **changes)


class LiveKit(Drifting):
    def setUp(self):
        super().setUp()
        configure_node(request())

    def remove(self):
        os.unlink(paths.on_host(LIVEKIT))

    def test_a_file_that_its_package_could_not_work_with_is_never_made(self):
        for text in (None, "", "# none\n", "rtc: {}\n", "keys:\n", "keys: null\n", "other: {keys: 1}\n", "null\n"):
            with self.subTest(text=text):
                if text is not None:
                    self.put(LIVEKIT, text)
                configure_node(request(repair=str(text)))
                self.assertEqual(self.get(LIVEKIT), None if text is None else text.encode())
                self.assertEqual(self.findings(), [])

    def test_a_file_with_keys_is_merged_and_left_as_it_was(self):
        for text in (KEYS, "rtc:\n  tcp_port: 1\n" + KEYS, "keys: {a: b}", "# mine\r\nkeys:\r\n  a: b\r\n"):
            with self.subTest(text=text):
                self.put(LIVEKIT, text)
                self.assertEqual(configure_node(request(repair=text))["restarted"], ["livekit-server"])
                self.assertIn(b'excludes: ["10.0.0.0/16"]', self.get(LIVEKIT))
                self.assertEqual(self.findings(), [])
                configure_node(fixtures.manifest())
                self.assertEqual(self.get(LIVEKIT), text.encode())
                self.assertNotIn(LIVEKIT, records.load().scope("node"))

    def test_a_livekit_that_is_installed_later_is_found_and_configured(self):
        self.put(LIVEKIT, KEYS)
        expected = {"path": LIVEKIT, "state": "missing", "key": "rtc.ips.excludes", "expected": '["10.0.0.0/16"]'}
        self.assertEqual(self.findings(), [expected])
        configure_node(request(repair="x"))
        self.assertEqual((self.get(LIVEKIT).decode(), self.findings()), (KEYS + OURS, []))

    def test_a_livekit_that_went_is_no_finding_and_nothing_of_ours_stays(self):
        self.put(LIVEKIT, KEYS)
        configure_node(request(repair="1"))
        self.remove()
        self.assertEqual(self.findings(), [])
        configure_node(request(repair="2"))
        self.assertIsNone(self.get(LIVEKIT))
        self.put(LIVEKIT, KEYS)
        configure_node(request(repair="3"))
        self.put(LIVEKIT, OURS)
        self.assertEqual(self.findings(), [{"path": LIVEKIT, "state": "missing", "key": "keys"}])
        configure_node(request(repair="4"))
        self.assertEqual((self.get(LIVEKIT).decode().strip(), self.findings()), ("", []))

    def test_a_file_that_only_we_made_goes(self):
        made = {"path": LIVEKIT, "format": "yaml", "set": {"rtc.interfaces.includes": ["eth0"]}, "restart": []}
        configure_node(fixtures.manifest([*fixtures.files(), made]))
        self.assertIsNotNone(self.get(LIVEKIT))
        configure_node(request())
        self.assertIsNone(self.get(LIVEKIT))

    def test_other_values_wait_in_the_place_of_the_first(self):
        configure_node(request(["192.168.0.0/16"]))
        self.put(LIVEKIT, KEYS)
        self.assertEqual(self.findings()[0]["expected"], '["192.168.0.0/16"]')


if __name__ == "__main__":
    unittest.main()
