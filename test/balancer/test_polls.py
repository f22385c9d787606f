"""What BBBLB makes of the answers to its polls: faults 1 and 11."""

import json
import os

from faults import Fault, Rig, fill
from nodes import FAULTS, SILENT
from waiting import eventually

KINDS = [*FAULTS, *SILENT]
# There a poll is broken off: it forgets nothing, and the node never fails.
UNNOTICED = "failed without a key"
# BBBLB does not look what it is that a node has answered.
ACCEPTED = "another answer"

NOTE_EACH_LOAD = """
CREATE TABLE written (load float);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO written VALUES (NEW.load); RETURN NEW; END';
CREATE TRIGGER noted AFTER UPDATE OF load ON servers FOR EACH ROW EXECUTE FUNCTION note();
"""


def make_small(balancer, node):
    """A meeting counts four times as much there."""
    with open(balancer.environment["GUARD_LOADS"], "w", encoding="utf-8") as file:
        json.dump({node.domain: 4.0}, file)
    os.chmod(balancer.environment["GUARD_LOADS"], 0o644)


class NodesFail(Rig):
    """Fault 1: a poll that failed makes BBBLB forget the node's meetings, so that rooms open twice."""

    def split(self, guarded):
        """The kinds of failures after which a room was in two places."""
        balancer, found = self.balancer(guarded, len(KINDS) + 1)
        rooms = fill(balancer, found)
        failing = dict(zip(KINDS, found))
        for kind, node in failing.items():
            node.fail(kind)
        for kind, node in failing.items():
            if kind in (UNNOTICED, ACCEPTED):
                balancer.polled(node, 3)
            else:
                eventually(lambda node=node: balancer.server(node, "errors") != "0", f"{kind} is noticed")
        for node in failing.values():
            node.fail("")
        for node in failing.values():
            eventually(lambda node=node: balancer.server(node, "health") == "0", "the node is back")
        # What is not known any more begins at the last node, everything else is where it was.
        domains = ", ".join(f"'{node.domain}'" for node in failing.values())
        balancer.sql(f"UPDATE servers SET enabled = false WHERE domain IN ({domains})")
        for room in rooms:
            self.assertTrue(balancer.create("moodle", room))
        twice = {room for room in rooms if sum(f"{room}-bbblb-moodle" in node.meetings for node in found) > 1}
        return {kind for kind, node in failing.items() if twice & {name.partition("-")[0] for name in node.meetings}}

    def test_the_package_alone_shows_it(self):
        split = self.split(False)
        expected = set(KINDS) - {UNNOTICED}
        self.assertLessEqual(expected, split, "upstream has mended it: remove the guard's part")

    def test_ours_does_not(self):
        self.assertEqual(self.split(True), set())


class NodeThatFails(Rig):
    def test_keeps_its_meetings_while_it_is_offline(self):
        balancer, (node,) = self.balancer(True, 1, {"BBBLB_POLL_FAIL": "1"})
        balancer.create("moodle", "room")
        node.fail("gone")
        eventually(lambda: balancer.server(node, "health") == "2", "it is offline")
        self.assertEqual(balancer.meetings_on(node), 1)

    def test_loses_them_when_it_has_been_offline_for_long(self):
        balancer, found = self.balancer(True, 2, {"BBBLB_POLL_FAIL": "1", "GUARD_FORGET_AFTER_SECONDS": "1"})
        balancer.create("moodle", "room")
        home, other = sorted(found, key=lambda node: -len(node.meetings))
        home.fail("gone")
        eventually(lambda: balancer.meetings_on(home) == 0, "its meetings are forgotten")
        self.assertEqual(balancer.server(home, "health"), "2")
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertEqual(list(other.meetings), ["room-bbblb-moodle"])

    def test_gets_new_meetings_as_long_as_no_other_works_better(self):
        balancer, (node,) = self.balancer(True, 1)
        node.fail("error 500")
        eventually(lambda: balancer.server(node, "health") == "1", "it is unstable")
        node.fail("")
        self.assertTrue(balancer.create("moodle", "room"))


class Meetings(Rig):
    def test_that_have_ended_are_forgotten_at_the_next_poll(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room")
        node.meetings.clear()
        eventually(lambda: balancer.meetings_on(node) == 0, "it is forgotten")

    def test_count_more_on_a_small_node(self):
        balancer, (small, large) = self.balancer(True, 2)
        make_small(balancer, small)
        fill(balancer, (small, large))

        def each(node):
            return float(balancer.server(node, "load")) / len(node.meetings)

        eventually(lambda: each(small) > 3 * each(large) > 0, "a meeting counts four times as much")
        before = each(small) * len(small.meetings)
        balancer.sql(f"UPDATE servers SET enabled = false WHERE domain = '{large.domain}'")
        balancer.create("moodle", "another")
        eventually(lambda: float(balancer.server(small, "load")) > before + 3 * 30, "one more counts as much")

    def test_have_their_weight_as_soon_as_their_load_is_written(self):
        """What a `create` adds while a poll is under way would be weighed a second time."""
        balancer, (small,) = self.balancer(True, 1)
        make_small(balancer, small)
        balancer.create("moodle", "room")
        balancer.sql(NOTE_EACH_LOAD)
        balancer.polled(small, 4)
        times, least, most = balancer.sql("SELECT count(*), min(load), max(load) FROM written").split("|")
        self.assertGreaterEqual(int(times), 3)
        self.assertGreater(float(least), float(most) / 2)

    def test_count_the_same_on_a_small_node_that_is_cordoned_and_not_polled(self):
        balancer, (small, large) = self.balancer(True, 2)
        make_small(balancer, small)
        balancer.sql(f"UPDATE servers SET enabled = false WHERE domain = '{small.domain}'")
        # A poll that had begun before has ended, too.
        balancer.polled(large, 4)
        balancer.sql(f"UPDATE servers SET load = 10 WHERE domain = '{small.domain}'")
        balancer.polled(large, 4)
        self.assertEqual(float(balancer.server(small, "load")), 10)


class SeatsForLatecomers(Fault):
    """Fault 11: seats that are reserved for a meeting are never given back, since milliseconds are read as seconds."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        found[0].meetings["room-bbblb-moodle"]["created"] -= 40 * 60 * 1000
        balancer.polled(found[0], 3)
        return float(balancer.server(found[0], "load")) > 5


class ExpectedSize(Fault):
    """Fault 11: the size that a frontend expects is forgotten at the next poll."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room", **{"meta_bbb-meeting-size-hint": "80"})
        balancer.polled(found[0], 3)
        return float(balancer.server(found[0], "load")) < 80


del Fault
