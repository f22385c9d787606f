import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE_SECRET, ONE, TWO, Balanced, api
from bbb_cluster.balancer import scalelite
from bbb_cluster.balancer.balancer import Refused
from scalelite_server import SECRET


def empty():
    """What a node says that nobody is on."""
    return ""


class Asking(Balanced):
    real_curl = True

    def test_a_server_is_known_by_the_host_of_its_url(self):
        for url in (api(ONE), f"{api(ONE)}/", f"http://{ONE}/bigbluebutton/api", f"https://{ONE.upper()}:443/x"):
            with self.subTest(url=url):
                self.there.put(ONE, "cordoned", load=3.5)["url"] = url
                server = self.balancer.state(api(ONE))
                self.assertEqual(
                    (server.id, server.state, server.load, server.online), ("id-bbb-01", "cordoned", 3.5, True)
                )
                self.assertIsNone(self.balancer.state(api(TWO)))

    def test_a_scalelite_without_servers_knows_none(self):
        self.assertIsNone(self.balancer.state(api(ONE)))

    def test_a_load_that_is_unavailable_is_none(self):
        self.there.put(ONE, "disabled", online=False)
        server = self.balancer.state(api(ONE))
        self.assertEqual((server.load, server.online), (None, False))

    def test_a_server_that_is_there_twice_is_refused_with_both_ids(self):
        self.there.put(ONE)
        self.there.put(ONE, number="-again")
        message = self.fails(self.balancer.state, api(ONE))
        self.assertIn("has bbb-01.example.com 2 times (id-bbb-01, id-bbb-01-again): remove all but one there", message)

    def test_neither_secret_nor_checksum_is_in_the_list_of_processes(self):
        self.balancer.add(api(ONE), NODE_SECRET, 1.0)
        self.assertEqual(len(self.calls), 2)
        for call in self.calls:
            self.assertNotRegex(call, f"checksum|{SECRET}|{NODE_SECRET}|127.0.0.1")

    def test_a_body_arrives_as_it_is(self):
        self.balancer.add(api(ONE), 'a"b\\c d\\"é@', 1.0)
        self.assertEqual(self.there.servers["id-bbb-010"]["secret"], 'a"b\\c d\\"é@')


class Adding(Balanced):
    def test_a_node_is_added_disabled_with_its_share_and_enabled_once(self):
        self.balancer.add(api(ONE), NODE_SECRET, 0.5)
        self.assertEqual(self.states(), {"bbb-01": "disabled"})
        body = {"url": api(ONE), "secret": NODE_SECRET, "load_multiplier": 0.5}
        self.assertEqual(self.there.actions(), [("addServer", {"server": body})])
        self.balancer.enable(api(ONE))
        self.assertEqual(self.states(), {"bbb-01": "enabled"})
        self.there.asked = []
        self.balancer.add(api(ONE), NODE_SECRET, 0.5)
        self.balancer.enable(api(ONE))
        self.assertEqual(self.changes(), [])
        self.assertIn("uses it from its next poll on", " ".join(self.said))

    def test_a_secret_that_has_changed_is_corrected_and_nothing_else(self):
        self.there.put(ONE, "cordoned", secret="old")
        self.balancer.add(api(ONE), NODE_SECRET, 0.5)
        self.assertEqual(
            self.there.actions(), [("updateServer", {"id": "id-bbb-01", "server": {"secret": NODE_SECRET}})]
        )
        self.assertEqual(self.there.servers["id-bbb-01"]["load_multiplier"], "1.0")

    def test_a_node_whose_adding_was_carried_out_without_an_answer_is_not_added_twice(self):
        self.there.after["addServer"] = (502, "<html>Bad Gateway</html>")
        self.fails(self.balancer.add, api(ONE), NODE_SECRET, 1.0)
        self.there.after = {}
        self.balancer.add(api(ONE), NODE_SECRET, 1.0)
        self.assertEqual(len(self.there.servers), 1)

    def test_a_node_that_it_does_not_know_cannot_be_enabled(self):
        self.assertIn(
            "does not know bbb-01.example.com: `pulumi up` adds it", self.fails(self.balancer.enable, api(ONE))
        )


class Cordoning(Balanced):
    def test_a_cordon_is_a_cordon_and_never_a_disable(self):
        self.there.put(ONE, load=5.0)
        self.there.put(TWO)
        self.balancer.cordon(api(ONE))
        self.assertEqual(self.there.actions(), [("updateServer", {"id": "id-bbb-01", "server": {"state": "cordon"}})])

    def test_the_last_server_that_is_enabled_and_online_is_not_cordoned(self):
        for state, online in (("cordoned", True), ("disabled", True), ("enabled", False)):
            with self.subTest(other=(state, online)):
                self.there.put(ONE)
                self.there.put(TWO, state, online)
                self.there.asked = []
                with self.assertRaises(Refused) as raised:
                    self.balancer.cordon(api(ONE))
                self.assertIn("bbb-01.example.com is the last server of Scalelite at", str(raised.exception))
                self.assertEqual(self.changes(), [])

    def test_the_last_one_is_cordoned_where_the_cluster_goes_as_a_whole(self):
        self.there.put(ONE)
        self.balancer.cordon(api(ONE), last_too=True)
        self.assertEqual(self.states(), {"bbb-01": "cordoned"})

    def test_what_is_closed_already_stays_as_it_is_and_what_is_not_there_is_fine(self):
        for state in ("cordoned", "disabled"):
            self.there.put(ONE, state)
            self.balancer.cordon(api(ONE))
            self.balancer.cordon(api(TWO))
            self.assertEqual((self.states(), self.changes()), ({"bbb-01": state}, []))


class Removing(Balanced):
    def setUp(self):
        super().setUp()
        self.patch(mock.patch.object(scalelite, "PANIC_SECONDS", 5))

    def test_a_cordoned_node_is_asked_and_removed_with_what_scalelite_still_believes_to_run(self):
        self.there.put(ONE, "cordoned")
        self.there.put(TWO)
        self.there.meetings = {"physics": "id-bbb-01", "chemistry": "id-bbb-01", "biology": "id-bbb-02"}
        self.there.running = {"biology"}
        self.balancer.remove(api(ONE), empty)
        self.assertEqual(self.states(), {"bbb-02": "enabled"})
        self.assertEqual(self.there.meetings, {"biology": "id-bbb-02"})
        self.assertEqual(self.changes(), ["panicServer", "panicServer", "panicServer", "deleteServer"])

    def test_a_node_with_meetings_is_never_removed(self):
        self.there.put(ONE, "cordoned", load=0.0)
        message = self.fails(self.balancer.remove, api(ONE), lambda: "2 meetings with 14 people")
        self.assertIn("bbb-01.example.com still has 2 meetings with 14 people: it stays at the load balancer", message)
        self.assertEqual(self.changes(), [])

    def test_a_node_that_somebody_has_enabled_again_meanwhile_is_not_removed(self):
        self.there.put(ONE, "cordoned")

        def enabled_while_asked():
            self.there.servers["id-bbb-01"]["state"] = "enabled"
            return ""

        self.assertIn("is enabled at Scalelite", self.fails(self.balancer.remove, api(ONE), enabled_while_asked))
        self.assertEqual(self.changes(), [])

    def test_a_node_that_is_gone_already_is_fine(self):
        self.balancer.remove(api(ONE), empty)
        self.balancer.give_up(api(ONE))
        self.there.put(ONE, "cordoned")
        for action in ("panicServer", "deleteServer"):
            self.there.canned = {action: (404, {"error": "Couldn't find server with id=id-bbb-01"})}
            self.balancer.give_up(api(ONE))

    def test_a_dead_node_is_given_up_with_all_its_rooms(self):
        self.there.put(ONE, "enabled", online=True)
        self.there.meetings = {f"room-{number}": "id-bbb-01" for number in range(12)}
        self.balancer.give_up(api(ONE))
        self.assertEqual((self.there.servers, self.there.meetings), ({}, {}))

    def test_rooms_that_cannot_be_taken_out_are_not_tried_for_ever(self):
        self.there.put(ONE, "cordoned")
        self.there.canned = {"panicServer": (400, {"error": "Couldn't disable server id=id-bbb-01"})}
        message = self.fails(self.balancer.give_up, api(ONE))
        self.assertIn("does not let go of the meetings on bbb-01.example.com", message)
        self.assertEqual(self.states(), {"bbb-01": "cordoned"})
        self.assertNotIn("deleteServer", self.changes())


if __name__ == "__main__":
    unittest.main()
