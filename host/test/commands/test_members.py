import json
import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE_SECRET, ONE, TWO, Balanced, api
from bbb_cluster import __main__ as main
from bbb_cluster.balancer import choice, members
from scalelite_server import SECRET


def run(name, request):
    """A command's answer."""
    return main.COMMANDS[name][0](request, "digest")


class Commands(Balanced):
    def setUp(self):
        super().setUp()
        self.there.put(TWO)
        members.join(self.balancer, "bbb-01", api(ONE), NODE_SECRET, 1.0)
        self.patch(mock.patch.object(choice, "kept", lambda: self.balancer))

    def test_a_node_is_held_told_and_released(self):
        answer = run("hold", {"node": "bbb-01", "by": "hand", "reason": "new disk"})
        self.assertEqual((answer["node"], self.states()["bbb-01"]), ("bbb-01", "cordoned"))
        self.assertRegex(answer["closed"], r"^cordoned by hand since \d{4}-.*Z: new disk$")
        before = self.everything("")
        told = run("members", {})["members"]["bbb-01"]
        self.assertEqual((told["url"], told["closed"]), (api(ONE), answer["closed"]))
        self.assertEqual(told["holders"]["hand"]["reason"], "new disk")
        self.assertEqual(self.everything(""), before)
        self.assertIsNone(told["byOthersSince"])
        self.assertEqual(run("release", {"node": "bbb-01", "by": "hand"})["holders"], {})
        self.assertEqual(run("members", {})["members"]["bbb-01"]["closed"], "")

    def test_a_node_that_somebody_else_has_closed_is_told_with_when_that_was_seen_first(self):
        for server in self.there.servers.values():
            server["state"] = "cordoned" if ONE in server["url"] else "enabled"
        first = run("members", {})["members"]["bbb-01"]
        self.assertRegex(first["byOthersSince"], r"^\d{4}-.*Z$")
        self.assertEqual(run("members", {})["members"]["bbb-01"], {**first, "closed": first["closed"]})
        self.assertEqual(run("release", {"node": "bbb-01", "by": "hand"})["closed"], "")
        self.assertEqual(self.states()["bbb-01"], "enabled")

    def test_who_holds_is_one_of_those_known(self):
        message = self.fails(run, "hold", {"node": "bbb-01", "by": "me", "reason": ""})
        self.assertIn("`by` must be one of configuration, hand, rollout, disk, got `me`", message)
        self.assertIn("must be a host label", self.fails(run, "release", {"node": "../x", "by": "hand"}))

    def test_a_load_balancer_is_kept_and_its_secret_told_to_nobody(self):
        wanted = {"kind": "scalelite", "url": "https://lb.example.com", "secret": SECRET}
        asked = {**wanted, "abandoned": [], "proxyServerId": "7"}
        self.assertEqual(run("keep-balancer", asked), {"kind": "scalelite", "changed": True})
        self.assertEqual(run("keep-balancer", asked), {"kind": "scalelite", "changed": False})
        self.assertEqual(json.loads(self.get(choice.KEPT)), wanted)
        self.assertNotIn(SECRET, " ".join(self.said + self.calls))


if __name__ == "__main__":
    unittest.main()
