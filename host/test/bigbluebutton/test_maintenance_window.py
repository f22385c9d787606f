import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import drain
from bbb_cluster.system import files
from busy_node import Busy, manifest
from fixtures import NGINX, PROPERTIES
from programs import configure_node
from support import Result


class WaitingForMeetings(Busy):
    def test_services_are_restarted_when_the_last_meeting_has_ended(self):
        self.meetings = lambda: [("a", 10), ("b", 4)][: 2 if self.time < 40 else 1 if self.time < 70 else 0]
        self.on("systemctl restart bbb-web", lambda _c: self.assertGreaterEqual(self.time, 70) or "")
        result = configure_node(manifest())
        self.assertEqual(result["restarted"], ["daemon-reload", "bbb-web"])
        self.assertIn("2 meetings with 14 people left, waiting up to 60 more minutes", self.said)
        self.assertIn("1 meeting with 10 people left, waiting up to 60 more minutes", self.said)
        waiting = [line for line in self.said if "waiting up to" in line]
        self.assertEqual(len(waiting), 5)
        self.assertTrue(self.is_open())

    def test_meanwhile_only_running_meetings_may_be_created_again(self):
        seen = {}

        def now():
            if files.exists(drain.SOCKET):
                seen[self.time] = [name for name in ("a b", "b", "c") if self.may_be_created(name)]
            return [("a b", 1), ("b", 1)][: 2 if self.time < 5 else 1 if self.time < 10 else 0]

        self.meetings = now
        configure_node(manifest())
        self.assertEqual(seen, {0: ["a b", "b"], 5: ["a b", "b"], 10: ["a b"]})

    def test_it_is_closed_while_services_restart_and_open_again_afterwards(self):
        self.on("systemctl restart bbb-web", lambda _c: self.assertFalse(self.is_open()) or "")
        configure_node(manifest())
        self.assertTrue(self.is_open())

    def test_what_is_edited_while_it_waits_is_not_lost(self):
        def edit():
            if self.time == 10:
                self.put(PROPERTIES, self.get(PROPERTIES) + b"maxNumPages=7\n", 0o640)
            return [("a", 1)] if self.time < 20 else []

        self.meetings = edit
        configure_node(manifest(0))
        self.assertIn(b"\nmaxNumPages=7\n", self.get(PROPERTIES))
        self.assertIn(b"presentationBaseURL=other\n", self.get(PROPERTIES))

    def test_after_the_time_out_nothing_has_changed_and_the_node_is_open(self):
        self.meetings = lambda: [("a", 10), ("b", 4)]
        message = self.fails(configure_node, manifest(timeoutMinutes=30))
        self.assertEqual(
            message,
            "restarting bbb-web would end 2 meetings with 14 people, still running after 30 minutes; "
            "nothing was changed and the node takes new meetings again: run again later, or set `restart: now`",
        )
        self.assertEqual(self.everything("/var/lib/bbb-cluster/lock"), self.current)
        self.assertEqual(self.called("systemctl (restart|daemon)"), [])
        self.assertTrue(self.is_open())
        self.assertLess(abs(self.time - 1800), 10)

    def test_what_disturbs_nobody_is_not_waited_for(self):
        self.meetings = lambda: [("a", 10)]
        for changed, units in ((2, ["bbb-graphql-middleware"]), (3, ["nginx"]), (5, ["etherpad"])):
            self.assertEqual(configure_node(manifest(changed))["restarted"], units)
            configure_node({**manifest(changed), **fixtures.manifest()})
        self.assertEqual((self.time < 60, self.called("getMeetings")), (True, []))

    def test_with_restart_now_meetings_are_not_even_asked_for(self):
        self.meetings = lambda: [("a", 10)]
        configure_node({**manifest(), "restart": {"when": "now"}})
        self.assertEqual(self.called("getMeetings"), [])

    def test_a_unit_that_does_not_run_here_is_no_reason_to_wait(self):
        self.meetings = lambda: [("a", 10)]
        self.on("systemctl show .* bbb-web", "LoadState=not-found\nActiveState=inactive\n")
        configure_node(manifest())
        self.assertEqual(self.called("getMeetings"), [])

    def test_ended_meetings_and_those_of_checks_do_not_count(self):
        ended = "<hasBeenForciblyEnded>true</hasBeenForciblyEnded>"
        self.meetings = lambda: [("b", 3, ended), ("verify-bbb-01", 0)]
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertEqual(self.time < 10, True)

    def test_a_failed_change_opens_the_node_again(self):
        self.on("systemctl restart bbb-web", Result(1, "", "no"))
        self.fails(configure_node, manifest())
        self.assertTrue(self.is_open())
        self.assertEqual(
            self.everything("/var/lib/bbb-cluster/"), {k: v for k, v in self.current.items() if "/var/lib" not in k}
        )

    def test_a_termination_opens_the_node_again(self):
        def end():
            if self.time > 30:
                raise SystemExit(143)
            return [("a", 1)]

        self.meetings = end
        with self.assertRaises(SystemExit):
            configure_node(manifest())
        self.assertTrue(self.is_open())

    def test_the_next_run_clears_up_after_one_that_was_killed(self):
        self.put(drain.SOCKET, "")
        self.put(drain.CONF, "closed")
        configure_node(fixtures.manifest())
        self.assertTrue(self.is_open())
        self.assertEqual(self.called("reload-or-restart"), ["systemctl reload-or-restart nginx"])
        self.assertEqual(self.get(NGINX), b"location = /x { return 204; }\n")


class NotKnowing(Busy):
    def test_an_api_that_does_not_answer_stops_the_change_after_two_minutes(self):
        self.on("^curl .*getMeetings", Result(7, "", "curl: (7) refused"))
        message = self.fails(configure_node, manifest())
        self.assertIn("cannot determine whether meetings are running", message)
        self.assertIn("curl: (7) refused), so nothing was changed: look at `journalctl -u bbb-web`, or set", message)
        self.assertEqual(self.everything("/var/lib/bbb-cluster/lock"), self.current)
        self.assertLess(self.time, 140)

    def test_answers_that_say_nothing_count_as_none(self):
        for body, words in (
            ("<html>\n200", "its answer is not XML"),
            (
                "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>\n200",
                "checksumError",
            ),
        ):
            self.on("^curl .*getMeetings", body)
            self.assertIn(words, self.fails(configure_node, manifest()))
        self.on("bbb-conf --secret", "")
        self.assertIn("`bbb-conf --secret` does not say", self.fails(configure_node, manifest()))

    def test_where_nothing_runs_nobody_is_waited_for(self):
        self.on("^curl .*getMeetings", Result(7, "", "curl: (7) refused"))
        down = [True]
        self.on(
            "systemctl show .* bbb-(web|apps-akka)",
            lambda _c: "LoadState=loaded\nActiveState=" + ("failed" if down[0] else "active"),
        )
        self.on("systemctl restart bbb-web", lambda _c: down.clear() or down.append(False) or "")
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])

    def test_a_node_that_cannot_be_closed_is_left_alone_while_meetings_run(self):
        self.meetings = lambda: [("a", 2)]
        self.on("^curl .*/create[?]", "checksumError\n200")
        message = self.fails(configure_node, manifest())
        self.assertIn("would end 1 meeting with 2 people, and this node cannot be closed to new meetings", message)
        self.assertEqual(self.everything("/var/lib/bbb-cluster/lock"), self.current)
        self.assertTrue(self.is_open())
        self.meetings = list
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])


if __name__ == "__main__":
    unittest.main()
