import re
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.bigbluebutton.api import Elsewhere
from bbb_cluster.system.failure import Failure
from bbb_cluster.trial import audio, trial, turn
from support import SECRET, Machine

PAGE = "https://bbb.example.com/bbb-01/html5client/"
ASKED = Elsewhere("bbb-01.example.com", None, SECRET)
NODE = "bbb-01.example.com"
COOKIES = f"""# Netscape HTTP Cookie File
#HttpOnly_{NODE}\tFALSE\t/bigbluebutton\tTRUE\t0\tJSESSIONID\t1A2B
"""
OF_BALANCER = "lb.example.com\tFALSE\t/\tTRUE\t0\tJSESSIONID\tof-the-load-balancer\n"
TURN = f'{{"turnServers": [{{"url": "turns:{NODE}:443?transport=tcp", "username": "1:u", "password": "p"}}]}}\n200 x'
NO_SERVERS = "the node does not say which TURN servers there are: HTTP status 502"
OK = "<response><returncode>SUCCESS</returncode>{}</response>\n200 "


class Trial(Machine):
    """The API is asked by what curl reads from a file: its URLs are seen there and nowhere else."""

    def setUp(self):
        super().setUp()
        self.asked = []
        self.answered = {
            "create": OK.format(""),
            "getMeetingInfo": OK.format("<startTime>1795000000000</startTime>"),
            "join": f"\n200 {PAGE}?sessionToken=abc",
            "stuns": TURN,
            "end": OK.format(""),
            "getMeetings": OK.format("<meetings/>"),
        }
        self.on("^curl .*--config", self.answer)
        self.heard, self.relayed = mock.Mock(), mock.Mock()
        self.patch(mock.patch.object(audio, "listen", self.heard))
        self.patch(mock.patch.object(turn, "relay", self.relayed))

    def answer(self, command):
        with open(re.search(r"--config (\S+)", command)[1]) as file:
            url = file.read()
        name = re.search(r'url = ".*/api/(\w+)', url)[1]
        self.asked.append(name)
        jar = re.search(r"--cookie-jar (\S+)", command)
        if jar:
            with open(jar[1], "w") as file:
                file.write(COOKIES + (OF_BALANCER if "lb.example.com" in url else ""))
        return self.answered[name]

    def failing(self, **answered):
        self.answered.update(answered)
        return trial.hold(ASKED, PAGE)

    def test_a_meeting_is_created_begins_is_joined_and_ends(self):
        outcome = trial.hold(ASKED, PAGE)
        self.assertEqual(outcome.failed, "")
        self.assertEqual(list(outcome.steps), ["create", "start", "join", "audio", "relay", "end"])
        self.assertEqual(self.asked, ["create", "getMeetingInfo", "join", "stuns", "end", "getMeetings"])

    def test_a_meeting_that_does_not_begin_is_a_failure_and_is_ended(self):
        outcome = self.failing(getMeetingInfo=OK.format("<startTime>0</startTime>"))
        self.assertEqual(outcome.failed, "start")
        self.assertEqual(outcome.why, "it was created, but does not begin within 30 seconds")
        self.assertEqual(self.asked[-1], "end")

    def test_joining_has_to_end_at_the_clients_page(self):
        outcome = self.failing(join="\n200 https://moodle.example.com/?token=abc")
        self.assertEqual(outcome.failed, "join")
        self.assertEqual(outcome.why, f"joining ends at https://moodle.example.com/ and not at {PAGE}")
        self.assertEqual(self.failing(join="\n502 x").why, "the client's page is not served: HTTP status 502")
        self.assertEqual(self.asked[-1], "end")

    def test_who_joined_is_heard_at_the_node_by_the_session_that_bbb_web_gave_there(self):
        trial.hold(ASKED, PAGE)
        self.heard.assert_called_once_with(audio.Seat(NODE, "https://bbb.example.com", "abc", "1A2B"))
        self.relayed.assert_called_once_with(turn.Server(NODE, 443, "1:u", "p"))

    def test_what_a_load_balancer_gave_is_no_session_of_a_node(self):
        trial.hold(Elsewhere("lb.example.com", None, SECRET), PAGE)
        self.heard.assert_called_once_with(audio.Seat(NODE, "https://bbb.example.com", "abc", "1A2B"))

    def test_a_meeting_that_nobody_hears_is_a_failure_and_is_ended(self):
        self.heard.side_effect = Failure("nothing answers")
        outcome = trial.hold(ASKED, PAGE)
        self.assertEqual((outcome.failed, outcome.why), ("audio", "nothing answers"))
        self.assertEqual(self.asked[-1], "end")

    def test_without_a_relay_people_meet_all_the_same(self):
        self.relayed.side_effect = Failure("it relays nothing")
        outcome = trial.hold(ASKED, PAGE)
        self.assertEqual((outcome.failed, outcome.relay), ("", "it relays nothing"))
        self.relayed.side_effect = None
        self.assertEqual(trial.hold(ASKED, PAGE).relay, "")
        self.assertEqual(self.failing(stuns="bad gateway\n502 x").relay, NO_SERVERS)

    def test_a_node_has_to_name_a_relay_over_tls(self):
        def named(url):
            return f'{{"turnServers": [{{"url": "{url}", "username": "", "password": ""}}]}}\n200 x'

        self.assertIn("names no TURN server", self.failing(stuns=named("turn:x:3478")).relay)
        for url, host, port in (
            ("turns:turn.example.com:443", "turn.example.com", 443),
            ("turns:turn.example.com?transport=tcp", "turn.example.com", 5349),
            ("turns:[2001:db8::1]:443?transport=tcp", "2001:db8::1", 443),
        ):
            self.assertEqual(self.failing(stuns=named(url)).relay, "")
            self.assertEqual(self.relayed.call_args.args, (turn.Server(host, port, "", ""),))

    def test_joining_has_to_give_a_session(self):
        outcome = self.failing(join=f"\n200 {PAGE}")
        self.assertEqual(outcome.failed, "join")
        self.assertIn("joining gives no session", outcome.why)

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
            if name in ("join", "stuns"):
                return self.answer(command)
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
