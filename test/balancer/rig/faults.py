"""Faults of BBBLB: each is shown in the package alone, and not in ours."""

import unittest

import nodes
from balancers import Balancer


def fill(balancer, found):
    """Creates rooms until every node has one; their ids."""
    rooms = []
    while not all(node.meetings for node in found):
        rooms.append(f"room{len(rooms)}")
        assert balancer.create("moodle", rooms[-1])
    return rooms


# For those that upload: the package's importer ends for good when it looks for uploads as one of them ends.
UNSEEN = {"BBBLB_POLL_INTERVAL": "600"}


class Rig(unittest.TestCase):
    """Nodes and balancers that end with the test."""

    def node(self, number):
        node = nodes.Node(number)
        self.addCleanup(node.stop)
        return node

    def balancer(self, guarded=True, number_of_nodes=2, settings=None, kind=Balancer):
        """A balancer and its nodes, all of them in order."""
        found = [self.node(number) for number in range(1, number_of_nodes + 1)]
        balancer = kind(guarded, settings)
        self.addCleanup(balancer.close)
        for node in found:
            balancer.add(node)
        return balancer, found


class Fault(Rig):
    """For each: `shows` tells whether the fault is there."""

    NODES = 2
    SETTINGS = {}

    def shows(self, _balancer, _nodes):
        raise NotImplementedError

    def test_the_package_alone_shows_it(self):
        shown = self.shows(*self.balancer(False, self.NODES, self.SETTINGS))
        self.assertTrue(shown, f"upstream has mended `{self.__doc__}`: remove the guard's part")

    def test_ours_does_not(self):
        shown = self.shows(*self.balancer(True, self.NODES, self.SETTINGS))
        self.assertFalse(shown, f"{self.__doc__} {shown}")
