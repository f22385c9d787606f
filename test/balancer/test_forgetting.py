"""Rooms that go on, and are forgotten by who knows of an earlier meeting, or of none yet: fault 19."""

from concurrent.futures import ThreadPoolExecutor

from faults import Rig
from waiting import eventually


class Confirmed(Rig):
    """What a node has confirmed is known, whatever else failed."""

    def test_a_room_that_was_forgotten_while_it_began_again_is_known_when_it_has(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room")
        node.fail("hangs at create")
        with ThreadPoolExecutor(1) as pool:
            create = pool.submit(balancer.create, "moodle", "room")
            eventually(lambda: node.hanging, "the create has come to the node")
            node.meetings.clear()
            eventually(lambda: balancer.meetings_on(node) == 0, "a poll has forgotten it")
            node.fail("")
            self.assertTrue(create.result())
        self.assertEqual(balancer.meetings_on(node), 1)
