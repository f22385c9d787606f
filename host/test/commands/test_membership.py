import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE_SECRET, ONE, TWO, Balanced
from bbb_cluster import __main__ as main
from bbb_cluster.balancer import choice
from bbb_cluster.balancer.balancer import Balancer
from bbb_cluster.system import curl
from scalelite_server import SECRET

KEPT = {"kind": "scalelite", "url": "https://lb.example.com", "secret": SECRET, "proxyServerId": "7"}
GONE = {"node": "bbb-01", "nodeHostname": ONE}
MEETINGS = "<response><returncode>SUCCESS</returncode><meetings>%s</meetings></response>"
RECORDINGS = "<response><returncode>SUCCESS</returncode><recordings>%s</recordings></response>"
RECORDING = (
    "<recording><recordID>{}</recordID><playback><format><type>presentation</type></format>"
    "<format><type>video</type></format></playback></recording>"
)
BUSY = (
    "<meeting><meetingID>physics</meetingID><internalMeetingID>p-1</internalMeetingID>"
    "<participantCount>14</participantCount></meeting>"
)


def run(name, request):
    """A command's answer."""
    return main.COMMANDS[name][0](request, "digest")


class Membership(Balanced):
    """A node bbb-01 whose API can be asked at its private address, beside a bbb-02 that Scalelite has."""

    meetings = recordings = ""

    def setUp(self):
        super().setUp()
        self.there.put(TWO)
        self.patch(mock.patch.object(choice, "kept", lambda: self.balancer))
        self.asked = []

    def answer_of_node(self, url, address):
        self.asked.append((url.split("?")[0], address))
        if "/getRecordings?" in url:
            return curl.Answer(200, RECORDINGS % self.recordings, "HTTP status 200")
        return curl.Answer(200, MEETINGS % self.meetings, "HTTP status 200")

    def request(self, **changes):
        return {
            "node": "bbb-01",
            "nodeHostname": ONE,
            "nodeAddress": "10.0.1.11",
            "secret": NODE_SECRET,
            "loadMultiplier": 0.5,
            "state": "present",
            "proxyServerId": "7",
            **changes,
        }

    def join(self, **changes):
        return run("join-balancer", self.request(**changes))

    def test_a_node_joins_open_or_draining_and_again_without_effect(self):
        self.assertEqual(self.join()["closed"], "")
        self.assertEqual(self.states()["bbb-01"], "enabled")
        self.assertIn("its state is draining", self.join(state="draining")["closed"])
        self.assertEqual(self.states()["bbb-01"], "cordoned")
        self.join(state="draining")
        self.join()
        self.assertEqual(self.states(), {"bbb-01": "enabled", "bbb-02": "enabled"})

    def test_an_empty_node_leaves_asked_at_its_own_address_by_name(self):
        self.join()
        self.assertEqual(run("leave-balancer", self.request()), {"node": "bbb-01", "state": "absent"})
        self.assertEqual(self.states(), {"bbb-02": "enabled"})
        self.assertEqual(
            set(self.asked),
            {
                (f"https://{ONE}/bigbluebutton/api/getMeetings", "10.0.1.11"),
                (f"https://{ONE}/bigbluebutton/api/getRecordings", "10.0.1.11"),
            },
        )

    def test_a_node_with_people_stays_as_it_was_and_the_way_on_is_named(self):
        self.join()
        self.meetings = BUSY
        message = self.fails(run, "leave-balancer", self.request())
        self.assertIn("bbb-01 is not empty: 1 meeting with 14 people; nothing of it was touched", message)
        self.assertIn("npm run leave -- bbb-01", message)
        self.assertEqual(self.states()["bbb-01"], "enabled")

    def test_a_node_stays_with_a_recording_of_which_the_load_balancer_has_not_every_format(self):
        self.join()
        self.recordings = RECORDING.format("a-1") + RECORDING.format("b-2")
        self.there.recordings = {"a-1": ["presentation", "video"], "b-2": ["presentation"]}
        message = self.fails(run, "leave-balancer", self.request())
        self.assertIn("bbb-01 has 1 recording that the load balancer does not have (b-2 …); nothing", message)
        self.assertEqual(self.states()["bbb-01"], "enabled")
        self.there.recordings["b-2"].append("video")
        run("leave-balancer", self.request())
        self.assertNotIn("bbb-01", self.states())

    def test_a_node_goes_with_its_recordings_when_the_configuration_says_so(self):
        self.join()
        self.recordings = RECORDING.format("a-1")
        run("leave-balancer", self.request(discard=True))
        self.assertNotIn("bbb-01", self.states())

    def test_a_node_that_does_not_say_which_recordings_it_has_stays(self):
        self.join()
        refused = "<response><returncode>FAILED</returncode><messageKey>missingParameters</messageKey></response>"
        answer = self.answer_of_node

        def refuses(url, address):
            return curl.Answer(200, refused, "") if "/getRecordings?" in url else answer(url, address)

        with mock.patch.object(self, "answer_of_node", refuses):
            self.assertIn("`allowFetchAllRecordings` must not", self.fails(run, "leave-balancer", self.request()))
        self.assertEqual(self.states()["bbb-01"], "enabled")

    def test_a_load_balancer_that_does_not_say_what_it_has_keeps_the_node(self):
        self.join()
        self.recordings = RECORDING.format("a-1")
        self.there.canned = {"getRecordings": (200, "<html>")}
        self.assertIn("does not say which recordings it has", self.fails(run, "leave-balancer", self.request()))
        self.assertEqual(self.states()["bbb-01"], "enabled")

    def test_a_node_that_does_not_answer_stays(self):
        self.join()
        with mock.patch.object(self, "answer_of_node", lambda *_: curl.Answer(0, "", "curl: (28) timed out")):
            message = self.fails(run, "leave-balancer", self.request())
        self.assertIn("it is not known whether meetings are running", message)
        for way_out in ("power it on", "snapshot", "`npm run leave -- bbb-01 --abandon`", "recordings"):
            self.assertIn(way_out, message)
        self.assertNotIn("is not empty", message)
        self.assertNotIn(NODE_SECRET, message + " ".join(self.said))
        self.assertEqual(self.states()["bbb-01"], "enabled")

    def test_a_node_that_takes_another_algorithm_alone_is_asked_by_that(self):
        self.join()
        refused = "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>"

        def only_sha512(url, _address):
            known = len(url.rpartition("checksum=")[2]) == 128
            return curl.Answer(200, MEETINGS % BUSY if known else refused, "HTTP status 200")

        with mock.patch.object(self, "answer_of_node", only_sha512):
            self.assertIn("1 meeting", self.fails(run, "leave-balancer", self.request()))

    def test_who_hears_nothing_is_told_nothing_when_a_node_leaves(self):
        self.join()
        with mock.patch.object(choice, "kept", Balancer):
            run("leave-balancer", self.request())
        self.assertEqual((self.states()["bbb-01"], self.asked), ("enabled", []))

    def test_an_abandoned_node_is_forgotten_with_its_rooms_without_being_asked(self):
        self.join()
        self.there.meetings = {"physics": next(iter(self.there.servers))}
        for _ in range(2):
            run("keep-balancer", {**KEPT, "abandoned": [GONE]})
            self.assertEqual(self.states(), {"bbb-02": "enabled"})
        self.assertEqual(self.asked, [])

    def test_a_cluster_that_goes_is_taken_out_as_a_whole(self):
        run("keep-balancer", {**KEPT, "abandoned": []})
        self.join()
        self.join(node="bbb-02", nodeHostname=TWO, nodeAddress="10.0.1.12")
        self.meetings = BUSY
        self.assertEqual(sorted(run("forget-balancer", {})["forgotten"]), ["bbb-01", "bbb-02"])
        self.assertEqual((self.states(), self.get(choice.KEPT)), ({}, None))

    def test_what_is_wrong_is_named(self):
        for changes, text in (
            ({"state": "absent"}, "`state` must be present or draining, got `absent`"),
            ({"loadMultiplier": 0}, "`loadMultiplier` must be a number above 0"),
            ({"nodeAddress": "bbb-01"}, "`nodeAddress` must be an IPv4 address"),
            ({"secrte": 1}, "`secrte` is not a known key"),
        ):
            self.assertIn(text, self.fails(run, "join-balancer", self.request(**changes)))


if __name__ == "__main__":
    unittest.main()
