import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import unfinished
from bbb_cluster.bigbluebutton.unfinished import RAW, STEPS, Unfinished
from recorded import Recorded, identity
from support import Result

ONE, TWO = identity(1), identity(2)


class Left(Recorded):
    def test_nothing_of_what_is_published_in_every_format(self):
        self.record(1)
        self.assertEqual(unfinished.unfinished(), Unfinished(set(), set(), set()))

    def test_nothing_of_a_meeting_in_which_nobody_pressed_the_button(self):
        self.put(f"{RAW}/{ONE}/events.xml", "")
        self.flag("archived", f"{ONE}.norecord")
        self.assertEqual(unfinished.unfinished().stuck, set())

    def test_a_flag_is_work_also_that_of_a_meeting_whose_events_alone_are_kept(self):
        self.flag("recorded", f"{ONE}.done")
        self.flag("ended", f"{TWO}.done")
        self.assertEqual(unfinished.unfinished().in_work, {ONE, TWO})

    def test_what_is_queued_or_being_done_is_work(self):
        for record in (ONE, TWO):
            self.put(f"{RAW}/{record}/events.xml", "")
        self.queued, self.job = [f'{{"args":[{{"meeting_id":"{ONE}"}}]}}'], f'{{"meeting_id":"{TWO}"}}'
        self.assertEqual(unfinished.unfinished(), Unfinished({ONE, TWO}, set(), set()))

    def test_a_format_that_is_missing_is_not_done_and_nobody_works_on_it(self):
        self.record(1, ["presentation"])
        self.assertEqual(unfinished.unfinished().stuck, {ONE})
        self.flag("published", f"{ONE}-video.fail")
        self.assertEqual(unfinished.unfinished().stuck, {ONE})
        self.assertIn(f"bbb-record --rebuild {ONE}", unfinished.unfinished().findings()[0])

    def test_steps_of_the_administrator_stand_in_the_place_of_the_package_s(self):
        self.record(1, ["presentation"])
        self.put(STEPS[1], 'steps:\n  archive: sanity\n  "process:presentation": ["publish:presentation"]\n')
        self.assertEqual(unfinished.unfinished().stuck, set())

    def test_a_format_that_the_meeting_s_creator_did_not_want_is_not_waited_for(self):
        self.record(1, ["presentation"])
        self.put(f"{RAW}/{ONE}/events.xml", '<recording><metadata bbb-disable-recording-formats="[video]"/>')
        self.assertEqual(unfinished.unfinished().stuck, set())

    def test_a_recording_that_was_split_is_one(self):
        self.flag("recorded", f"{ONE}-1790000000999.done")
        self.events = [ONE]
        self.assertEqual(unfinished.unfinished(), Unfinished({ONE}, set(), set()))

    def test_a_meeting_of_which_the_events_alone_are_kept_is_done_with_them(self):
        self.events = [ONE]
        self.put(f"/var/bigbluebutton/events/{ONE}/events.xml", "")
        self.assertEqual(unfinished.unfinished().not_begun, set())

    def test_a_meeting_that_runs_is_none_and_one_that_was_forgotten_has_not_begun(self):
        self.events, self.live = [ONE, TWO], [ONE]
        found = unfinished.unfinished()
        self.assertEqual(found, Unfinished(set(), set(), {TWO}))
        self.assertIn(f"touch /var/bigbluebutton/recording/status/recorded/{TWO}.done", found.findings()[0])
        self.flag("recorded", f"{TWO}.done")
        self.assertEqual(unfinished.unfinished(), Unfinished({TWO}, set(), set()))

    def test_where_the_api_is_silent_no_meeting_is_taken_for_forgotten_unless_none_can_run(self):
        self.events = [ONE]
        self.on("^curl .*getMeetings", Result(7, "", "refused"))
        self.assertEqual(unfinished.unfinished().not_begun, set())
        self.on("^systemctl show", "ActiveState=inactive\n")
        self.assertEqual(unfinished.unfinished().not_begun, {ONE})

    def test_without_redis_files_tell(self):
        self.record(1, ["video"])
        self.on("^redis-cli", Result(1, "", "refused"))
        self.assertEqual(unfinished.unfinished().stuck, {ONE})


if __name__ == "__main__":
    unittest.main()
