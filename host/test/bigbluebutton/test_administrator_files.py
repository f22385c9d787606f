import os
import shutil
import unittest

from own_files import DIALPLAN, PDF, SLIDES, THEIRS, OwnFiles

import fixtures
from bbb_cluster.bigbluebutton import node_hook
from bbb_cluster.commands import maintain
from bbb_cluster.settings import records
from bbb_cluster.system import carried, files
from busy_node import answer
from programs import FindsDrift, configure_node
from support import Result


class AdministratorFiles(OwnFiles, FindsDrift):
    def test_bytes_and_mode_are_the_administrator_s_and_folders_are_made(self):
        wanted = [self.file(SLIDES, PDF), self.file(DIALPLAN, b"<include/>", "0640")]
        configure_node(self.request(*wanted))
        self.assertEqual((self.get(SLIDES), self.mode(SLIDES)), (PDF, 0o644))
        self.assertEqual((self.get(DIALPLAN), self.mode(DIALPLAN)), (b"<include/>", 0o640))
        self.assertEqual(self.findings(), [])

    def test_one_that_leaves_the_list_goes_back_to_what_it_was_and_one_that_was_not_there_goes(self):
        self.put(SLIDES, THEIRS, 0o664)
        configure_node(self.request(self.file(SLIDES, PDF), self.file(DIALPLAN, b"<include/>")))
        configure_node(self.request())
        self.assertEqual((self.get(SLIDES), self.mode(SLIDES)), (THEIRS, 0o664))
        self.assertFalse(os.path.exists(os.path.join(self.root, "opt/freeswitch")))

    def test_only_what_the_administrator_names_is_restarted(self):
        configure_node(self.request(self.file(SLIDES, PDF), self.file(DIALPLAN, b"1", restart=["freeswitch"])))
        for own, restarted in (
            ((self.file(SLIDES, b"other"), self.file(DIALPLAN, b"1", restart=["freeswitch"])), []),
            ((self.file(SLIDES, b"other"), self.file(DIALPLAN, b"2", restart=["freeswitch"])), ["freeswitch"]),
            ((self.file(SLIDES, b"other"), self.file(DIALPLAN, b"2", restart=["freeswitch"])), []),
        ):
            self.assertEqual(configure_node(self.request(*own))["restarted"], restarted)

    def test_a_restart_that_would_end_meetings_is_kept_and_a_file_that_nothing_reads_is_not(self):
        configure_node(self.request())
        meetings = [("a", 10)]
        self.on("^curl .*getMeetings", lambda _c: answer(meetings))
        self.on("^curl .*/create[?]", "nodeClosed\n200")
        configure_node(self.request(self.file(SLIDES, PDF), restart="whenEmpty"))
        self.assertEqual(self.get(SLIDES), PDF)
        dialplan = self.file(DIALPLAN, b"1", restart=["freeswitch"])
        wanted = self.request(self.file(SLIDES, PDF), dialplan, hook="#!/bin/sh\nexit 0\n", restart="whenEmpty")
        self.assertEqual(configure_node(wanted)["pending"], "restarting freeswitch")
        self.assertEqual((self.get(DIALPLAN), self.get(node_hook.RECORD)), (None, None))
        # By programs of another version, as soon as nobody is here.
        meetings.clear()
        shutil.rmtree(carried.FOLDER)
        maintain.maintain({"now": True}, "")
        self.assertEqual((self.get(DIALPLAN), self.get(node_hook.RECORD) is None), (b"1", False))

    def test_when_a_service_does_not_take_one_everything_is_as_it_was(self):
        configure_node(self.request(self.file(DIALPLAN, b"good", restart=["freeswitch"])))
        self.on("systemctl restart freeswitch", lambda _c: Result(1) if self.get(DIALPLAN) == b"bad" else "")
        own = self.file(SLIDES, PDF), self.file(DIALPLAN, b"bad", restart=["freeswitch"])
        self.assertIn("The previous files are back", self.fails(configure_node, self.request(*own)))
        self.assertEqual((self.get(DIALPLAN), self.get(SLIDES)), (b"good", None))

    def test_drift_tells_what_is_lost_or_changed_and_shows_nothing_of_it(self):
        configure_node(self.request(self.file(SLIDES, PDF), self.file(DIALPLAN, b"token=TOP-SECRET", "0600")))
        self.put(SLIDES, b"%PDF other TOP-SECRET")
        self.put(DIALPLAN, b"token=TOP-SECRET", 0o644)
        found = self.findings()
        self.assertEqual(
            [(each["path"], each["state"]) for each in found], [(SLIDES, "changed"), (DIALPLAN, "changed")]
        )
        self.assertNotIn("TOP-SECRET", str(found) + str(self.said))
        self.put(SLIDES, PDF)
        self.assertEqual([each["key"] for each in self.findings()], ["mode"])

    def test_bytes_that_did_not_come_or_are_others_change_nothing(self):
        wanted = self.file(SLIDES, PDF)
        for content in (b"", PDF[:-1]):
            self.put(f"/opt/administrator/{wanted['sha256']}", content)
            before = self.everything()
            self.assertIn("as it was sent", self.fails(configure_node, self.request(wanted)))
            self.assertEqual((self.everything(), self.get(records.RECORDS)), (before, self.recorded))

    def test_a_request_that_is_carried_out_later_finds_its_files_also_by_other_programs(self):
        wanted = self.request(self.file(SLIDES, PDF), hook="#!/bin/sh\nexit 0\n")
        self.on("bbb-conf --restart", Result(1))
        self.fails(configure_node, wanted)
        shutil.rmtree(carried.FOLDER)
        self.on("bbb-conf --restart", "")
        configure_node(wanted)
        self.assertEqual(self.get(SLIDES), PDF)

    def test_what_no_request_names_any_more_is_not_kept(self):
        configure_node(self.request(self.file(SLIDES, PDF), hook="#!/bin/sh\nexit 0\n"))
        self.assertEqual(len(files.matching(f"{carried.KEPT}/*")), 2)
        configure_node(self.request(self.file(SLIDES, PDF)))
        self.assertEqual([self.mode(path) for path in files.matching(f"{carried.KEPT}/*")], [0o600])
        configure_node(self.request())
        self.assertEqual(files.matching(f"{carried.KEPT}/*"), [])

    def test_nobody_but_root_reads_what_was_sent(self):
        self.put(f"{carried.FOLDER[len(self.root) :]}/x", b"")
        configure_node(self.request())
        self.assertEqual(self.mode("/opt/administrator"), 0o700)

    def test_a_path_that_the_cluster_has_or_that_is_named_twice_is_refused(self):
        twice = self.file(SLIDES, PDF)
        for own in ([twice, twice], [self.file(fixtures.NGINX, b"x")]):
            self.assertIn("twice", self.fails(configure_node, self.request(*own)))
        for path in ("etc/x", "/etc/../x", "/etc//x"):
            self.assertIn("absolute and plain", self.fails(configure_node, self.request(self.file(path, b"x"))))


class AfterAnUpgrade(OwnFiles):
    """What bbb-install and packages do to files that are theirs, too (bbb-install#667)."""

    def setUp(self):
        super().setUp()
        self.put(SLIDES, b"BigBlueButton's of 3.0.30")
        self.wanted = self.file(SLIDES, PDF)
        configure_node(self.request(self.wanted))

    def upgrade(self):
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.31\n")
        self.put(SLIDES, THEIRS)

    def test_the_file_is_there_again(self):
        self.upgrade()
        configure_node(self.request(self.wanted))
        self.assertEqual(self.get(SLIDES), PDF)

    def test_what_goes_back_one_day_is_what_the_upgrade_has_brought(self):
        self.upgrade()
        configure_node(self.request(self.wanted))
        configure_node(self.request())
        self.assertEqual(self.get(SLIDES), THEIRS)

    def test_what_goes_back_is_not_what_a_hand_has_made_of_it(self):
        self.put(SLIDES, b"by hand")
        configure_node(self.request(self.wanted))
        configure_node(self.request())
        self.assertEqual(self.get(SLIDES), b"BigBlueButton's of 3.0.30")


if __name__ == "__main__":
    unittest.main()
