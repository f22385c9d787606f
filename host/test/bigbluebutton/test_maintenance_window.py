"""A change that would end meetings: at once on an empty node, kept on an occupied one."""

import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.bigbluebutton import closed_site, cordons, pending
from bbb_cluster.settings import request_log
from busy_node import Busy, manifest
from fixtures import NGINX, PROPERTIES
from programs import configure_node, digest_of, noted
from support import Result

RESTART = "restarting bbb-web"


def apply():
    """What the walker has a node do."""
    return main.COMMANDS["apply"][0]({}, "")


class Occupied(Busy):
    def setUp(self):
        super().setUp()
        self.meetings = lambda: [("a", 10), ("b", 4)]

    def test_a_change_that_would_end_meetings_is_kept_and_the_run_does_not_wait(self):
        result = configure_node(manifest())
        self.assertEqual((result["pending"], self.time), (RESTART, 0))
        self.is_kept(RESTART)
        self.assertIn(
            "warning: restarting bbb-web waits, because it would end 2 meetings with 14 people: `npm run rollout` does "
            "it when the node is empty, `npm run status` shows it",
            self.said,
        )
        self.assertEqual(request_log.load()["configure-node"], noted(manifest(), "pending"))

    def test_what_others_need_to_know_of_the_node_is_answered_all_the_same(self):
        before = configure_node(fixtures.manifest())
        result = configure_node(manifest())
        self.assertEqual((result["secret"], result["url"]), (before["secret"], before["url"]))

    def test_it_is_carried_out_when_the_node_is_empty(self):
        configure_node(manifest())
        self.assertEqual(apply(), {"applied": False, "left": "2 meetings with 14 people", "reboot": False})
        self.assertEqual((pending.summary()["what"], self.called("systemctl restart")), ([RESTART], []))
        self.meetings = list
        self.assertEqual(apply(), {"applied": True, "left": "", "reboot": False})
        self.assertEqual((pending.load(), len(self.called("systemctl restart bbb-web"))), (None, 1))
        self.assertEqual(request_log.load()["configure-node"], noted(manifest(), "done"))

    def test_the_newest_request_counts_and_the_first_says_since_when(self):
        configure_node(manifest(4))
        self.time = 100
        configure_node(manifest(0))
        kept = pending.load()
        self.assertEqual((kept["digest"], kept["since"]), (digest_of(manifest(0)), "2026-11-18T11:06:40Z"))

    def test_what_was_put_back_is_no_longer_kept(self):
        configure_node(manifest())
        configure_node(fixtures.manifest())
        self.assertIsNone(pending.load())
        self.assertEqual(self.everything(), self.current)

    def test_what_disturbs_nobody_is_done_at_once(self):
        for changed, units in ((2, ["bbb-graphql-middleware"]), (3, ["nginx"]), (5, ["etherpad"])):
            self.assertEqual(configure_node(manifest(changed))["restarted"], units)
            configure_node({**manifest(changed), **fixtures.manifest()})
        self.assertEqual((self.time < 60, self.called("getMeetings")), (True, []))

    def test_with_restart_now_meetings_are_not_even_asked_for(self):
        configure_node({**manifest(), "restart": "now"})
        self.assertEqual((self.called("getMeetings"), pending.load()), ([], None))

    def test_a_unit_that_does_not_run_here_is_no_reason_to_wait(self):
        self.on("systemctl show .* bbb-web", "LoadState=not-found\nActiveState=inactive\n")
        configure_node(manifest())
        self.assertEqual(self.called("getMeetings"), [])

    def test_a_node_that_cannot_be_closed_keeps_it_and_says_both(self):
        self.on("^curl .*/create[?]", "checksumError\n200")
        configure_node(manifest())
        self.is_kept(RESTART)
        said = " ".join(self.said)
        self.assertIn("would end 2 meetings with 14 people, and this node cannot be closed to new meetings", said)

    def test_who_comes_while_the_node_closes_is_somebody(self):
        self.meetings = lambda: [("quick", 1)] if self.get(closed_site.CONF) else []
        configure_node(manifest())
        self.is_kept(RESTART)


class Empty(Busy):
    def test_it_is_closed_while_services_restart_and_open_again_afterwards(self):
        self.on("systemctl restart bbb-web", lambda _c: self.assertFalse(self.is_open()) or "")
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertTrue(self.is_open())

    def test_ended_meetings_and_those_of_checks_do_not_count(self):
        ended = "<hasBeenForciblyEnded>true</hasBeenForciblyEnded>"
        self.meetings = lambda: [("b", 3, ended), ("verify-bbb-01", 0)]
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])

    def test_a_node_that_cannot_be_closed_is_changed_all_the_same(self):
        self.on("^curl .*/create[?]", "checksumError\n200")
        self.assertEqual(configure_node(manifest())["restarted"], ["daemon-reload", "bbb-web"])
        self.assertTrue(self.is_open())

    def test_a_failed_change_opens_the_node_again(self):
        self.on("systemctl restart bbb-web", Result(1, "", "no"))
        self.fails(configure_node, manifest())
        self.assertTrue(self.is_open())
        self.assertEqual(self.everything(), self.current)

    def test_a_termination_opens_the_node_again(self):
        def end(_command):
            raise SystemExit(143)

        self.on("systemctl restart bbb-web", end)
        with self.assertRaises(SystemExit):
            configure_node(manifest())
        self.assertTrue(self.is_open())

    def test_the_next_run_clears_up_after_one_that_was_killed(self):
        self.put(cordons.DEFINITION, "unit")
        self.put(closed_site.CONF, "closed")
        configure_node(fixtures.manifest())
        self.assertTrue(self.is_open())
        self.assertEqual(self.called("reload-or-restart"), ["systemctl reload-or-restart nginx"])
        self.assertEqual(self.get(NGINX), b"location = /x { return 204; }\n")

    def test_what_is_edited_while_it_closes_is_not_lost(self):
        def edit():
            if self.get(closed_site.CONF) and b"ownLimit" not in self.get(PROPERTIES):
                self.put(PROPERTIES, self.get(PROPERTIES) + b"ownLimit=7\n", 0o640)
            return []

        self.meetings = edit
        configure_node(manifest(0))
        self.assertIn(b"\nownLimit=7\n", self.get(PROPERTIES))
        self.assertIn(b"presentationBaseURL=other\n", self.get(PROPERTIES))


class NotKnowing(Busy):
    def test_an_api_that_does_not_answer_stops_the_change_after_two_minutes(self):
        self.on("^curl .*getMeetings", Result(7, "", "curl: (7) refused"))
        message = self.fails(configure_node, manifest())
        self.assertIn("cannot determine whether meetings are running", message)
        self.assertIn("curl: (7) refused), so nothing was changed: look at `journalctl -u bbb-web`, or set", message)
        self.assertEqual((self.everything(), pending.load()), (self.current, None))
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


if __name__ == "__main__":
    unittest.main()
