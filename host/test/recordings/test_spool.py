import os
import re
import tarfile
import unittest

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.recordings import destination, marks, spool, units
from bbb_cluster.system import paths
from recorded import Recorded, identity
from support import Result

ONE = identity(1)
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"
SPOOL = {
    "kind": "spool",
    "host": "lb.example.com",
    "user": "spool",
    "directory": "/var/spool/scalelite",
    "hostKey": "ssh-ed25519 AAAA",
    "port": 2222,
    "discard": False,
    "key": KEY,
}


class Spool(Recorded):
    """A node that sends its recordings to Scalelite's spool; `sent` are the names in what arrived."""

    def setUp(self):
        super().setUp()
        self.sent, self.known_hosts, self.refused = {}, "", None
        self.on("^tar ", lambda command: self.pack(command.split()))
        self.on("^rsync ", lambda command: self.refused or self.take(command))
        self.enter(SPOOL)

    def enter(self, recordings):
        request = {"node": "bbb-01", "state": "present", "balanced": True, "recordings": recordings}
        return main.COMMANDS["enter-service"][0](request, "digest")

    def run_timer(self, **request):
        return main.COMMANDS["hand-over"][0](request, "digest")

    def pack(self, argv):
        with tarfile.open(argv[3], "w") as tar:
            tar.add(f"{argv[5]}/{argv[6]}", argv[6])
        return Result(0)

    def take(self, command):
        if "--dry-run" in command:
            return Result(0)
        archive = command.split()[-2]
        with open(re.search("UserKnownHostsFile=(\\S+)", command).group(1), encoding="ascii") as file:
            self.known_hosts = file.read()
        with tarfile.open(archive) as tar:
            self.sent[archive.rpartition("/")[2]] = tar.getnames()
        return Result(0)

    def test_gets_each_format_once_as_scalelite_wants_it(self):
        self.record(1)
        self.assertEqual(self.run_timer()["handedOver"], [f"{ONE}-presentation", f"{ONE}-video"])
        self.run_timer()
        self.assertEqual(len(self.called("^tar")), 2)
        names = [f"video/{ONE}", f"video/{ONE}/metadata.xml"]
        self.assertEqual(self.sent[f"{ONE}-video.tar"], names)

    def test_is_known_by_its_host_key_and_reached_by_a_key_that_nobody_sees(self):
        self.record(1, ["video"])
        self.run_timer()
        asked, sent = self.called("^rsync")
        self.assertEqual("--dry-run" in asked, True)
        for part in ("-p 2222", "StrictHostKeyChecking=yes", "spool@lb.example.com:/var/spool/scalelite/"):
            self.assertIn(part, asked)
            self.assertIn(part, sent)
        self.assertEqual(self.known_hosts, "spool ssh-ed25519 AAAA\n")
        self.assertEqual((self.get(destination.KEY), self.mode(destination.KEY)), (KEY.encode(), 0o600))
        self.assertNotIn("c2VjcmV0", " ".join([*self.calls, *self.said]))
        self.assertNotIn(b"c2VjcmV0", self.get(destination.KEPT))

    def test_that_does_not_answer_is_asked_again_and_what_ssh_said_is_told(self):
        self.record(1)
        self.refused = Result(
            255, "", "@ WARNING @\nHost key verification failed.\nrsync error: unexplained error (code 255)\n"
        )
        answer = self.run_timer()
        self.assertEqual((answer["handedOver"], answer["waiting"], len(self.called("^rsync"))), ([], 1, 1))
        self.assertIn("does not take recordings (Host key verification failed.)", answer["why"][0])
        self.refused = None
        self.assertEqual(self.run_timer()["waiting"], 0)

    def test_that_is_away_costs_no_packing(self):
        self.record(1)
        self.refused = Result(255, "", "ssh: connect to host lb.example.com port 2222: No route to host\n")
        self.run_timer()
        self.assertEqual(self.called("^tar"), [])

    def test_a_run_leaves_nothing_packed_nor_what_one_that_was_killed_had(self):
        left = f"{spool.PACKED}/{ONE}-video.tar"
        self.put(left, "half of it")
        self.run_timer()
        self.assertIsNone(self.get(left))
        self.record(1, ["video"])
        self.run_timer()
        self.assertEqual(sorted(os.listdir(paths.on_host("/var/bigbluebutton"))), ["published", "recording"])

    def test_gets_everything_once_more_when_somebody_says_so(self):
        self.record(1, ["video"])
        self.run_timer()
        self.assertEqual(len(self.run_timer(again=True)["handedOver"]), 1)

    def test_that_is_no_longer_wanted_leaves_no_key_and_no_timer(self):
        self.assertIsNotNone(self.get(f"{units.FOLDER}/{units.NAME}.timer"))
        self.enter({"kind": "elsewhere", "discard": False})
        self.assertEqual((self.get(destination.KEY), self.get(f"{units.FOLDER}/{units.NAME}.timer")), (None, None))
        self.record(1)
        self.assertEqual((self.run_timer()["handedOver"], self.get(marks.TRIED)), ([], None))


if __name__ == "__main__":
    unittest.main()
