"""When nobody is in a meeting, and what becomes of it then."""

import unittest
from urllib.parse import parse_qs, urlsplit

import support  # noqa: F401
from bbb_cluster.bigbluebutton import meetings
from busy_node import Busy, answer, manifest
from maintained import Maintained
from programs import configure_node
from support import START


def ago(minutes):
    """A time as the API tells it."""
    return round((START - minutes * 60) * 1000)


def about(name="x", created=60, left=0, joined="false", **more):
    """What the API says of a meeting; times are minutes ago, 0 is never."""
    times = f"<createTime>{ago(created)}</createTime><endTime>{ago(left) if left else 0}</endTime>"
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in more.items())
    return f"<internalMeetingID>{name}-1</internalMeetingID>{times}<hasUserJoined>{joined}</hasUserJoined>{inside}"


def room(of, **more):
    return about(isBreakout="true", parentMeetingID=f"{of}-1", **more)


class Empty(Busy):
    def found(self, *listed):
        self.meetings = lambda: listed
        return [(meeting.id, meeting.people, meeting.empty) for meeting in meetings.running()]

    def test_a_meeting_is_empty_when_for_ten_minutes_nobody_has_been_in_it_and_it_is_older_than_that(self):
        for people, elements, empty in (
            (0, about(created=11), True),
            (0, about(created=10), True),
            (0, about(created=9.9), False),
            (0, about(created=60, left=11, joined="true"), True),
            (0, about(created=60, left=9.9, joined="true"), False),
            (1, about(created=60, left=11, joined="true"), False),
            # Somebody was there and has not left, as far as bbb-web knows.
            (0, about(created=60, joined="true"), False),
            # By telephone alone, counted late or not among the participants.
            (0, about(created=60, voiceParticipantCount=1), False),
            # Guests in the lobby are in no count.
            (0, about(created=60, attendees=""), True),
            (0, about().replace("</endTime>", " </endTime>").replace(str(ago(60)), f"{ago(60):,}"), True),
            (0, "", False),
            (0, "<createTime>1</createTime>", False),
            (0, "<internalMeetingID>x-1</internalMeetingID>", False),
        ):
            with self.subTest(people=people, elements=elements):
                self.assertEqual(self.found(("x", people, elements))[0][2], empty)

    def test_who_is_in_a_breakout_room_is_in_the_meeting(self):
        parent = about("p")
        for listed, expected in (
            ([("p", 0, parent), ("r", 2, room("p")), ("s", 1, room("p"))], [("p", 3, False)]),
            ([("r", 2, room("p")), ("p", 5, parent)], [("p", 5, False)]),
            ([("p", 0, parent), ("r", 0, room("p"))], [("p", 0, True)]),
            ([("p", 0, parent), ("r", 0, room("p", left=3, joined="true"))], [("p", 0, False)]),
            ([("p", 0, parent), ("r", 1, room("q"))], [("p", 0, True), ("r", 1, False)]),
        ):
            with self.subTest(listed=listed):
                self.assertEqual(self.found(*listed), expected)


class Ending(Busy):
    """Empty meetings on a node that is to be changed, as in a school where they never expire."""

    def setUp(self):
        super().setUp()
        self.ends, self.gone_at = [], {}
        self.listed = [
            ("lobby", 0, about("0a", moderatorPW="p&amp;w")),
            ("office-hours", 0, about("0b", left=30, joined="true")),
        ]
        self.meetings = lambda: [one for one in self.listed if self.time < self.gone_at.get(one[0], 1e9)]
        self.on("^curl .*/end[?]", self.end)

    def end(self, command):
        asked = parse_qs(urlsplit(command.split()[-1]).query)
        self.ends.append((asked["meetingID"][0], asked.get("password")))
        name = next(one[0] for one in self.listed if f">{asked['meetingID'][0]}<" in one[2])
        self.gone_at.setdefault(name, self.time + 8)
        return "<response><returncode>SUCCESS</returncode></response>\n200"

    def test_they_hold_nothing_up_and_are_ended_by_their_internal_ids_before_the_change(self):
        self.on("systemctl restart bbb-web", lambda _c: self.assertEqual(self.meetings(), []) or "")
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertEqual(self.ends, [("0a-1", ["p&w"]), ("0b-1", None)])
        self.assertIn("ending 2 meetings in which nobody has been for 10 minutes", self.said)
        self.assertLess(self.time, 60)

    def test_they_are_left_alone_as_long_as_others_meet(self):
        empty = self.meetings
        self.meetings = lambda: [*empty(), ("a", 3)]
        configure_node(manifest())
        self.is_kept("restarting bbb-web")
        self.assertEqual(self.ends, [])

    def test_one_that_has_not_been_empty_for_ten_minutes_is_somebody(self):
        self.listed = [("a", 0, about("0a", left=4, joined="true"))]
        configure_node(manifest())
        self.is_kept("restarting bbb-web")

    def test_one_that_cannot_be_ended_holds_nothing_up(self):
        self.on(
            "^curl .*/end[?]",
            "<response><returncode>FAILED</returncode><messageKey>notFound</messageKey></response>\n200",
        )
        configure_node(manifest())
        self.assertIn("meeting 0a-1 cannot be ended: the API does not answer end: notFound", self.said)
        self.assertLess(self.time, 120)

    def test_while_they_end_none_of_them_can_begin_anew(self):
        seen = []
        self.on("^curl .*/end[?]", lambda c: seen.append(self.may_be_created("lobby")) or self.end(c))
        configure_node(manifest())
        self.assertEqual(seen, [False, False])

    def test_who_comes_back_meanwhile_is_waited_for(self):
        late = ("late", 1, about("0c"))
        self.on("^curl .*/end[?]", lambda c: self.listed.__setitem__(slice(2, 3), [late]) or self.end(c))
        self.assertEqual(configure_node(manifest())["pending"], "restarting bbb-web")
        self.assertIn("would end 1 meeting with 1 person", " ".join(self.said))


class EndingForUpdates(Maintained):
    def test_it_is_ended_before_packages_are_upgraded(self):
        self.updates = ["redis-server"]
        listed = answer([("lobby", 0, about("0a"))])
        self.on("^curl .*getMeetings", lambda _c: self.listed() if self.called("/end[?]") else listed)
        self.on("^curl .*/end[?]meetingID=0a-1&", "<response><returncode>SUCCESS</returncode></response>\n200")
        self.on("--only-upgrade", lambda c: self.assertTrue(self.called("/end[?]")) or self.upgrade(c))
        self.assertEqual((self.maintain()["held"], len(self.called("/end[?]"))), ([], 1))


class Forgotten(Busy):
    """bbb-web was restarted while people met: they still do, and `getMeetings` is empty."""

    def setUp(self):
        super().setUp()
        self.time = 5000
        self.began = {"bbb-web": 4000, "bbb-apps-akka": 90}
        self.meetings = list
        show = "ActiveEnterTimestampMonotonic="
        self.on(f"systemctl show -p {show[:-1]} bbb", lambda c: f"{show}{self.began[c.split()[-1]] * 10**6}\n")

    def test_such_a_bbb_web_is_not_believed(self):
        configure_node(manifest())
        self.is_kept("restarting bbb-web")
        self.assertIn("an unknown number of meetings (bbb-web was started 0 hours ago", " ".join(self.said))

    def test_where_all_of_bigbluebutton_was_restarted_the_meetings_have_ended(self):
        self.began["bbb-apps-akka"] = 3990
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])

    def test_what_was_restarted_on_an_empty_node_has_nothing_to_forget(self):
        self.began["bbb-web"] = 100
        self.on("systemctl restart bbb-web", lambda _c: self.began.update({"bbb-web": 4900}) or "")
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertEqual(configure_node(manifest(0))["restarted"][-1], "bbb-web")
        self.began["bbb-web"] = 4950
        self.assertEqual(configure_node(manifest(4))["pending"], "restarting bbb-web")


if __name__ == "__main__":
    unittest.main()
