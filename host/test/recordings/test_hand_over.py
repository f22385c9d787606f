import os
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.recordings import bbblb_api, destination, hand_over, marks
from bbb_cluster.recordings.held import Held
from bbb_cluster.system import paths
from bbb_cluster.system.failure import Failure
from recorded import HOST, Takes, identity
from support import SECRET, START

ONE, TWO = identity(1), identity(2)
DAY = 24 * 60


class HandOver(Takes):
    def minutes(self, number, each=1):
        """What the timer does in so many minutes."""
        for _ in range(number // each):
            hand_over.run()
            self.time += 60 * each

    def test_every_format_is_uploaded_once_and_done_when_it_was_seen_there(self):
        self.record(1)
        self.record(2, ["video"])
        self.assertEqual(hand_over.run(), [f"{ONE}-presentation", f"{ONE}-video", f"{TWO}-video"])
        self.assertEqual(hand_over.waiting(destination.kept()), [])
        self.minutes(60, 10)
        self.assertEqual(len(self.accepted), 3)

    def test_what_was_accepted_and_not_imported_is_uploaded_again_later_and_ever_less_often(self):
        self.record(1, ["video"])
        self.imports = False
        self.minutes(5)
        self.assertEqual(len(self.accepted), 1)
        self.minutes(10)
        self.assertEqual(len(self.accepted), 2)
        self.minutes(DAY, 10)
        self.assertLess(len(self.accepted), 12)
        self.imports = True
        self.minutes(7 * 60, 10)
        self.assertEqual(hand_over.waiting(destination.kept()), [])

    def test_one_whose_import_took_long_is_not_uploaded_again(self):
        self.record(1, ["video"])
        self.imports = False
        hand_over.run()
        self.there.add((ONE, "video"))
        self.assertEqual((hand_over.run(), len(self.accepted)), ([f"{ONE}-video"], 1))

    def test_one_that_is_deleted_there_later_is_not_brought_back(self):
        self.record(1, ["video"])
        hand_over.run()
        self.there.clear()
        self.minutes(DAY, 10)
        self.assertEqual(len(self.accepted), 1)

    def test_one_that_its_tenant_has_hidden_at_once_is_there(self):
        self.record(1, ["video"])
        self.imports, self.hidden = False, {(ONE, "video")}
        self.assertEqual(hand_over.run(), [f"{ONE}-video"])

    def test_one_that_is_played_and_that_no_tenant_finds_is_not_there(self):
        self.record(1, ["video"])
        self.imports, self.played = False, {(ONE, "video")}
        self.assertEqual((hand_over.run(), self.accepted), ([], [(ONE, "video")]))

    def test_a_load_balancer_that_was_restored_gets_what_it_does_not_have(self):
        self.record(1, ["video"])
        self.record(2, ["video"])
        hand_over.run()
        for database in ("", "first", ""):
            self.database = database
            self.assertEqual(hand_over.run(), [])
        self.there.discard((ONE, "video"))
        self.database = "second"
        self.assertEqual(hand_over.run(), [f"{ONE}-video", f"{TWO}-video"])
        self.assertEqual(self.accepted[2:], [(ONE, "video")])
        self.assertEqual(len([line for line in self.said if "was restored: it is asked for all" in line]), 1)

    def test_a_node_whose_own_api_does_not_work_says_so_of_its_recordings(self):
        self.record(1, ["video"])
        self.patch(mock.patch.object(bbblb_api.api, "credentials", self.refuse))
        self.assertEqual(hand_over.run(), [])
        self.assertIn("there is none", marks.tried(HOST)[f"{ONE}-video"]["why"])

    def refuse(self):
        raise Failure("there is none")

    def test_another_load_balancer_gets_all_of_them(self):
        self.record(1, ["video"])
        hand_over.run()
        self.there.clear()
        destination.keep(destination.Destination("bbblb", "other.example.com"))
        self.assertEqual((hand_over.run(), len(self.accepted)), ([f"{ONE}-video"], 2))

    def test_a_balancer_that_is_away_for_hours_is_asked_each_time_for_one_and_said_once(self):
        self.record(1)
        self.record(2)
        self.status = "000"
        self.minutes(180, 10)
        self.assertEqual(len(self.called("^bash .*upload")), 18)
        said = [line for line in self.said if "does not take recordings (curl: (7) refused)" in line]
        self.assertEqual(len(said), 1)
        self.status = "202"
        self.assertEqual(len(hand_over.run()), 4)

    def test_a_full_disk_there_and_a_wrong_secret_are_told_apart(self):
        self.record(1, ["video"])
        told = {
            "500": "HTTP status 500",
            "507": "has no room for recordings",
            "401": "does not take this node's secret",
        }
        for status, text in told.items():
            self.status = status
            hand_over.run()
            self.assertIn(text, marks.tried(HOST)[f"{ONE}-video"]["why"])
        self.assertNotIn(SECRET, " ".join(self.said))

    def test_a_node_whose_clock_is_behind_is_told_so_and_not_to_change_its_secret(self):
        self.record(1, ["video"])
        self.status, self.answer = "401", '{"error":"Access denied","message":"Expired token signature"}'
        hand_over.run()
        self.assertIn("a node whose clock is 15 minutes behind", marks.tried(HOST)[f"{ONE}-video"]["why"])

    def test_one_that_is_refused_holds_up_no_other(self):
        self.record(1, ["video"])
        self.record(2, ["video"])
        self.status = "415"
        hand_over.run()
        self.assertEqual(sorted(marks.tried(HOST)), [f"{ONE}-video", f"{TWO}-video"])

    def test_what_others_still_work_on_waits(self):
        self.record(1, ["video"])
        self.job = f'{{"meeting_id":"{ONE}"}}'
        self.assertEqual(hand_over.run(), [])
        self.job = ""
        self.assertEqual(hand_over.run(), [f"{ONE}-video"])

    def test_files_without_a_flag_wait_until_nothing_changes_any_more(self):
        record = self.record(1, [])
        metadata = f"/var/bigbluebutton/published/video/{record}/metadata.xml"
        self.put(metadata, "<bbblb-tenant>")
        os.utime(paths.on_host(metadata), (START, START))
        self.minutes(10)
        self.assertEqual(self.accepted, [])
        self.time += 60
        self.assertEqual(hand_over.run(), [f"{ONE}-video"])

    def test_what_is_unpublished_here_is_not_published_there(self):
        self.record(1, ["video"], "unpublished")
        self.assertEqual((hand_over.run(), self.accepted), ([], []))

    def test_a_meeting_of_no_tenant_is_not_uploaded_and_named(self):
        self.record(1, ["video"], tenant="")
        self.minutes(3)
        self.assertEqual(self.accepted, [])
        self.assertEqual(len([line for line in self.said if "not created through BBBLB" in line]), 1)

    def test_nothing_is_handed_over_where_nobody_takes_it(self):
        self.record(1)
        for kind in ("none", "elsewhere"):
            destination.keep(destination.Destination(kind))
            self.assertEqual((hand_over.run(), self.accepted), ([], []))

    def test_notes_go_with_their_recordings(self):
        self.record(1, ["video"])
        hand_over.run()
        self.patch(mock.patch.object(hand_over, "all_held", list))
        hand_over.run()
        self.assertFalse(marks.is_handed_over(Held(ONE, "video", "published"), HOST))


if __name__ == "__main__":
    unittest.main()
