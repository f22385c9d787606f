"""Rooms of nodes that BBBLB has not heard for long, or does not know any more: faults 1, 17 and 22."""

from faults import Fault, Rig, fill
from waiting import eventually

SOON = {"BBBLB_POLL_FAIL": "1", "GUARD_FORGET_AFTER_SECONDS": "3"}


class Unknown(Fault):
    """Fault 17: a room that runs on a node and that BBBLB does not know any more opens twice."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        balancer.sql("DELETE FROM meetings")
        balancer.polled(found[0], 3)
        return balancer.meetings_on(found[0]) == 0


class LeftForAMoment(Fault):
    """Fault 22: a room that everybody has left is forgotten, although they may come back; it opens twice."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        found[0].meetings["room-bbblb-moodle"]["endTime"] = 1795761404469
        balancer.polled(found[0], 3)
        return balancer.meetings_on(found[0]) == 0


class AThousand(Fault):
    """Fault 22: a node with a meeting of more than a thousand people counts as failed."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        found[0].meetings["room-bbblb-moodle"]["users"] = 1202
        balancer.polled(found[0], 4)
        return "1202" not in balancer.server(found[0], "stats")


class CutOff(Rig):
    """A balancer that reaches no node is the one that is cut off: it forgets nothing, however long that takes."""

    def cut(self, number_of_nodes):
        balancer, found = self.balancer(True, number_of_nodes, SOON)
        rooms = fill(balancer, found)
        for node in found:
            node.fail("error 500")
        for node in found:
            eventually(lambda node=node: balancer.server(node, "health") == "2", f"{node.domain} is offline")
            balancer.polled(node, 7)
        self.assertEqual(int(balancer.sql("SELECT count(*) FROM meetings")), len(rooms))
        return balancer, found, rooms

    def test_from_many_nodes_splits_no_room(self):
        balancer, found, rooms = self.cut(3)
        for node in found:
            node.fail("")
        eventually(lambda: all(balancer.server(node, "health") == "0" for node in found), "they are back")
        for room in rooms:
            self.assertTrue(balancer.create("moodle", room))
        self.assertEqual(sum(len(node.meetings) for node in found), len(rooms))

    def test_from_its_only_node_splits_no_room(self):
        balancer, (node,), rooms = self.cut(1)
        node.fail("")
        eventually(lambda: balancer.server(node, "health") == "0", "it is back")
        self.assertEqual(balancer.meetings_on(node), len(rooms))

    def test_forgets_a_node_that_stays_silent_after_the_others_are_back(self):
        balancer, (dead, other), _ = self.cut(2)
        other.fail("")
        eventually(lambda: balancer.meetings_on(dead) == 0, "its rooms are forgotten")
        room = next(iter(dead.meetings)).partition("-")[0]
        eventually(lambda: balancer.server(other, "health") == "0", "the other one is back")
        self.assertTrue(balancer.create("moodle", room))
        self.assertIn(f"{room}-bbblb-moodle", other.meetings)


class Returned(Rig):
    """A node that was forgotten, and that has had its meetings all the time."""

    def forgotten(self, rooms):
        """A balancer, the node that it has forgotten with these rooms, and the other one."""
        balancer, (home, other) = self.balancer(True, 2, SOON)
        balancer.sql(f"UPDATE servers SET enabled = false WHERE domain = '{other.domain}'")
        for room in rooms:
            self.assertTrue(balancer.create("moodle", room))
        balancer.sql("UPDATE servers SET enabled = true")
        home.fail("gone")
        eventually(lambda: balancer.meetings_on(home) == 0, "its rooms are forgotten")
        return balancer, home, other

    def test_has_its_rooms_again_also_where_it_is_cordoned_since(self):
        for cordoned in (False, True):
            balancer, home, other = self.forgotten(["one", "two"])
            self.assertTrue(balancer.create("moodle", "new"))
            balancer.sql(f"UPDATE servers SET enabled = {not cordoned} WHERE domain = '{home.domain}'")
            home.fail("")
            eventually(lambda: balancer.meetings_on(home) == 2, "they are known again")  # noqa: B023
            for room in ("one", "two"):
                self.assertTrue(balancer.create("moodle", room))
            self.assertEqual([len(home.meetings), len(other.meetings)], [2, 1])
            self.doCleanups()

    def test_keeps_a_room_that_has_begun_elsewhere_only_where_somebody_is_in_it(self):
        balancer, home, other = self.forgotten(["empty", "entered"])
        for room in ("empty", "entered"):
            self.assertTrue(balancer.create("moodle", room))
        home.meetings["entered-bbblb-moodle"]["users"] = 1
        home.fail("")
        eventually(lambda: len(home.meetings) == 1, "the one that nobody is in is ended")
        for node in (home, other):
            balancer.polled(node, 3)
        rooms = [sorted(node.meetings) for node in (home, other)]
        self.assertEqual(rooms, [["entered-bbblb-moodle"], ["empty-bbblb-moodle", "entered-bbblb-moodle"]])
        self.assertEqual([balancer.meetings_on(home), balancer.meetings_on(other)], [0, 2])
        del other.meetings["entered-bbblb-moodle"]
        eventually(lambda: balancer.meetings_on(home) == 1, "it is the room when the other one has ended")

    def test_has_no_other_meetings_taken_for_rooms(self):
        balancer, (node,) = self.balancer(True, 1)
        self.assertTrue(balancer.create("moodle", "room"))
        ours = node.meetings["room-bbblb-moodle"]
        strange = {
            "a-breakout-room": {},
            "foreign-bbblb-moodle": {"meta_bbblb-origin": "another.example.com"},
            "unknown-bbblb-nobody": {},
            "odd-bbblb-moodle": {"meta_bbblb-uuid": "x"},
            "same-bbblb-greenlight": {},
        }
        for name, changes in strange.items():
            node.meetings[name] = {**ours, "internal": name, **changes}
        balancer.polled(node, 3)
        self.assertEqual(balancer.sql("SELECT external_id FROM meetings"), "room")
        self.assertEqual([balancer.server(node, "health"), len(node.meetings)], ["0", 6])


class WithoutId(Rig):
    """A room whose create was cut off."""

    def test_gets_none_of_a_meeting_that_is_not_its_own(self):
        balancer, (node,) = self.balancer(True, 1)
        self.assertTrue(balancer.create("moodle", "room"))
        balancer.stop()
        balancer.sql("UPDATE meetings SET internal_id = NULL")
        ours = node.meetings.pop("room-bbblb-moodle")
        # It has what its parent had been given.
        node.meetings["a-breakout-room"] = ours
        node.meetings["room-bbblb-moodle"] = {**ours, "internal": "x", "meta_bbblb-uuid": "x"}
        balancer.start()
        balancer.polled(node, 3)
        self.assertEqual(balancer.sql("SELECT external_id, internal_id FROM meetings"), "room|")


del Fault
