import hashlib
import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import api, maintenance_window, meetings
from bbb_cluster.bigbluebutton.meetings import Meeting
from bbb_cluster.system import progress
from busy_node import Busy
from support import SECRET


class Asking(Busy):
    def test_the_checksum_is_made_as_the_api_wants_it_and_the_secret_stays_secret(self):
        for allowed, algorithm in (("", "sha256"), ("supportedChecksumAlgorithms=sha384,sha512\n", "sha512")):
            self.put(api.PROPERTIES, allowed)
            self.assertEqual(meetings.running(), [])
            expected = hashlib.new(algorithm, f"getMeetings{SECRET}".encode()).hexdigest()
            self.assertTrue(self.called("^curl")[-1].endswith(f"/getMeetings?checksum={expected}"))
        progress.report(f"x {SECRET}")
        self.assertEqual(self.said[-1], "x ***")

    def test_meetings_of_checks_and_ended_ones_are_none(self):
        ended = "<hasBeenForciblyEnded>true</hasBeenForciblyEnded>"
        self.meetings = lambda: [("b", 1, ended), ("verify-1", 1), ("my-verify-1", 2)]
        self.assertEqual(meetings.running(), [Meeting("my-verify-1", 2)])

    def gives(self, inside, returncode="SUCCESS"):
        body = f"<response><returncode>{returncode}</returncode><meetings>{inside}</meetings></response>\n200"
        self.on("^curl .*getMeetings", body)

    def test_odd_answers_still_tell_how_many_people_are_in_which_meeting(self):
        one = "<meetingID>x</meetingID><participantCount>3</participantCount>"
        for inside, expected in (
            # bigbluebutton#3245, bigbluebutton-api-php#143
            (f"<meeting><meetingName>a\x0bb</meetingName>{one}</meeting>", [Meeting("x", 3)]),
            (f"<meeting><meetingName>a&#11;&#x1F;&#xfffe;b&#228;</meetingName>{one}</meeting>", [Meeting("x", 3)]),
            (f"<meeting>{one}<metadata><1st-class>a</1st-class></metadata></meeting>", [Meeting("x", 3)]),
            (f"<meeting>{one}<metadata>\n<a b></a b>&c;</metadata></meeting>" * 2, [Meeting("x", 3)] * 2),
            ("<meeting><meetingID>x</meetingID><participantCount>many</participantCount></meeting>", [Meeting("x", 1)]),
            (
                "<meeting><meetingID>x</meetingID><participantCount/><attendees><attendee/></attendees></meeting>",
                [Meeting("x", 0)],
            ),
            (
                "<meeting><meetingID>y</meetingID><participantCount>2.0</participantCount>"
                "<attendees><attendee/><attendee/></attendees></meeting>",
                [Meeting("y", 2)],
            ),
        ):
            with self.subTest(inside=inside):
                self.gives(inside)
                self.assertEqual(meetings.running(), expected)

    def test_an_answer_that_cannot_be_read_names_the_meeting(self):
        self.gives("<meeting><meetingID>a</meetingID></meeting>\n<meeting><meetingID>b 1</meetingID><x></meeting>")
        expected = "the API does not answer getMeetings: its answer is not XML, at meeting b 1"
        self.assertEqual(self.fails(meetings.running), expected)
        self.gives("<")
        self.assertEqual(self.fails(meetings.running), expected.partition(",")[0])

    def test_a_wrong_policy_is_refused(self):
        for policy, words in (
            ({"restart": "soon"}, "`restart` must be now or whenEmpty, got `soon`"),
            ({}, "no `restart`"),
            ({"restart": {"when": "now"}}, "must be a text"),
        ):
            self.assertIn(words, self.fails(maintenance_window.parse, policy))


if __name__ == "__main__":
    unittest.main()
