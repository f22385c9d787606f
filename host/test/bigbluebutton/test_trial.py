import re
import unittest

import support  # noqa: F401
from bbb_cluster.bigbluebutton import trial
from bbb_cluster.bigbluebutton.api import Elsewhere
from support import SECRET, Machine

PAGE = "https://bbb.example.com/bbb-01/html5client/"
ASKED = Elsewhere("bbb-01.example.com", None, SECRET)
OK = "<response><returncode>SUCCESS</returncode>{}</response>\n200 "


class Trial(Machine):
    """The API is asked by what curl reads from a file: its URLs are seen there and nowhere else."""

    def setUp(self):
        super().setUp()
        self.asked = []
        self.answered = {
            "create": OK.format(""),
            "getMeetingInfo": OK.format("<startTime>1795000000000</startTime>"),
            "join": f"200 {PAGE}?sessionToken=abc",
            "end": OK.format(""),
            "getMeetings": OK.format("<meetings/>"),
        }
        self.on("^curl .*--config", self.answer)

    def answer(self, command):
        with open(re.search(r"--config (\S+)", command)[1]) as file:
            name = re.search(r'url = ".*/api/(\w+)', file.read())[1]
        self.asked.append(name)
        return self.answered[name]

    def failing(self, **answered):
        self.answered.update(answered)
        return trial.hold(ASKED, PAGE)

    def test_a_meeting_is_created_begins_is_joined_and_ends(self):
        outcome = trial.hold(ASKED, PAGE)
        self.assertEqual(outcome.failed, "")
        self.assertEqual(list(outcome.steps), ["create", "start", "join", "end"])
        self.assertEqual(self.asked, ["create", "getMeetingInfo", "join", "end", "getMeetings"])

    def test_a_meeting_that_does_not_begin_is_a_failure_and_is_ended(self):
        outcome = self.failing(getMeetingInfo=OK.format("<startTime>0</startTime>"))
        self.assertEqual(outcome.failed, "start")
        self.assertEqual(outcome.why, "it was created, but does not begin within 30 seconds")
        self.assertEqual(self.asked[-1], "end")

    def test_joining_has_to_end_at_the_clients_page(self):
        outcome = self.failing(join="200 https://moodle.example.com/?token=abc")
        self.assertEqual(outcome.failed, "join")
        self.assertEqual(outcome.why, f"joining ends at https://moodle.example.com/ and not at {PAGE}")
        self.assertEqual(self.failing(join="502 x").why, "the client's page is not served: HTTP status 502")
        self.assertEqual(self.asked[-1], "end")

    def test_a_refused_create_says_why(self):
        refused = "<response><returncode>FAILED</returncode><messageKey>internalError</messageKey></response>\n200 "
        outcome = self.failing(create=refused)
        self.assertEqual((outcome.failed, outcome.why), ("create", "the API does not answer create: internalError"))

    def test_a_meeting_that_does_not_end_is_a_failure(self):
        meetings = []

        def answer(command):
            with open(re.search(r"--config (\S+)", command)[1]) as file:
                url = file.read()
            name = re.search(r"/api/(\w+)", url)[1]
            if name == "create":
                meetings.append(re.search(r"meetingID=([\w-]+)", url)[1])
            if name == "getMeetings":
                meeting = f"<meetings><meeting><meetingID>{meetings[0]}</meetingID></meeting></meetings>"
                return OK.format(meeting)
            return self.answered[name]

        self.on("^curl .*--config", answer)
        outcome = trial.hold(ASKED, PAGE)
        self.assertEqual((outcome.failed, outcome.why), ("end", "it does not end within 30 seconds"))
        self.assertTrue(meetings[0].startswith("verify-"))

    def test_nothing_that_lets_anybody_in_is_seen_in_the_list_of_processes(self):
        trial.hold(ASKED, PAGE)
        self.assertEqual(self.called("checksum|password|verify-|sessionToken"), [])


if __name__ == "__main__":
    unittest.main()
