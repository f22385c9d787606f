"""A node whose meetings are given out by a load balancer, which takes the least busy one, whatever that answers."""

import unittest

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.bigbluebutton import closed_site, cordons, pending
from busy_node import Busy, manifest
from programs import configure_node


def run(name, request):
    """A command's answer."""
    return main.COMMANDS[name][0](request, "")


class Balanced(Busy):
    def setUp(self):
        super().setUp()
        self.enter("present")

    def enter(self, state, balanced=True):
        run("enter-service", {"node": "bbb-01", "state": state, "balanced": balanced})

    def cordon(self):
        return run("cordon", {"by": "rollout", "reason": "an update"})

    def test_refuses_nobody_itself_whoever_has_closed_it(self):
        self.enter("draining")
        self.cordon()
        self.assertEqual((list(cordons.holders()), self.is_open()), (["configuration", "rollout"], True))
        self.assertTrue(cordons.is_in_force())

    def test_keeps_a_change_even_when_it_is_empty_for_a_meeting_may_begin_at_any_moment(self):
        result = configure_node(manifest())
        self.assertEqual(result["pending"], "restarting bbb-web")
        self.assertIn("the load balancer begins here meanwhile", self.said[-1])
        self.assertEqual(self.called("systemctl restart bbb-web"), [])

    def test_has_what_was_kept_done_once_it_is_closed_there(self):
        configure_node(manifest())
        self.cordon()
        self.assertEqual(run("apply", {}), {"applied": True, "left": "", "reboot": False})
        self.assertEqual((pending.load(), len(self.called("systemctl restart bbb-web"))), (None, 1))

    def test_is_changed_at_once_where_the_configuration_says_now(self):
        self.assertNotIn("pending", configure_node({**manifest(), "restart": "now"}))

    def test_refuses_again_what_is_new_when_nobody_else_gives_it_out_any_more(self):
        self.cordon()
        self.enter("present", balanced=False)
        self.assertIsNotNone(self.get(closed_site.CONF))
        self.assertFalse(self.is_open())


if __name__ == "__main__":
    unittest.main()
