"""Rooms that would be open twice, because a node was not heard or did not hear: faults 14 to 16."""

import threading

from faults import Fault, Rig
from waiting import eventually


class CreateUnheard(Fault):
    """Fault 14: a room whose node took the create, but was not heard, begins a second time on another."""

    def shows(self, balancer, found):
        for node in found:
            node.fail("create unheard")
            balancer.sql(f"UPDATE servers SET load = 1000 * (domain <> '{node.domain}')::int")
            balancer.create("moodle", f"room-of-{node.domain}")
            node.fail("")
            balancer.sql(f"UPDATE servers SET health = 0, load = 1000 * (domain = '{node.domain}')::int")
            balancer.create("moodle", f"room-of-{node.domain}")
        return sum(len(node.meetings) for node in found) > 2


class Unheard(Rig):
    def test_room_is_where_it_was_taken_and_people_can_join(self):
        balancer, (node,) = self.balancer(True, 1)
        node.fail("create unheard")
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertEqual([balancer.meetings_on(node), len(node.meetings)], [1, 1])
        self.assertNotEqual(balancer.sql("SELECT internal_id FROM meetings"), "")

    def test_room_that_began_elsewhere_is_ended_where_nobody_entered_and_only_there(self):
        balancer, found = self.balancer(True, 2)
        empty, entered = (self.unheard(balancer, found, room) for room in ("empty", "entered"))
        found[0].meetings[entered]["users"] = 1
        found[0].fail("")
        eventually(lambda: len(found[0].meetings) < 2, "the first poll after that has ended one")
        for node in found:
            balancer.polled(node, 3)
        self.assertEqual(list(found[0].meetings), [entered])
        self.assertLessEqual({empty, entered}, set(found[1].meetings))

    def test_room_that_goes_on_elsewhere_is_not_told_to_have_ended(self):
        balancer, found = self.balancer(True, 2)
        room = self.unheard(balancer, found, "room", meetingEndedURL="https://moodle.example.com/")
        own = f"SELECT type FROM callbacks WHERE uuid = '{found[0].meetings[room]['meta_bbblb-uuid']}'"
        self.assertEqual(balancer.sql(own), "END")
        found[0].fail("")
        eventually(lambda: not found[0].meetings, "it is ended where it is not known")
        self.assertEqual(balancer.sql(own), "")

    def unheard(self, balancer, found, name, **given):
        """A room that the first node took, and that began again on the second one; unless a poll came between."""
        for number in range(20):
            balancer.sql(f"UPDATE servers SET health = 0, load = 1000 * (domain <> '{found[0].domain}')::int")
            found[0].fail("all unheard")
            self.assertTrue(balancer.create("moodle", f"{name}{number}", **given))
            room = f"{name}{number}-bbblb-moodle"
            if room in found[0].meetings:
                self.assertIn(room, found[1].meetings)
                return room
        return self.fail("each time a poll was quicker")


class EndUnheard(Fault):
    """Fault 15: a meeting whose node did not hear that it ends goes on, and its room begins again elsewhere."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        found[0].fail("error 500")
        balancer.call("moodle", "end", meetingID="room")
        found[0].fail("")
        balancer.polled(found[0], 3)
        return bool(found[0].meetings)


class EndUnheardForLong(Rig):
    """What was to end is still to end, also when BBBLB was restarted, or the node was cordoned."""

    def unheard(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room")
        node.fail("error 500")
        balancer.call("moodle", "end", meetingID="room")
        return balancer, node

    def begun_again(self):
        """The room begins on that node again before a poll has come."""
        balancer, node = self.unheard()
        node.fault = ""
        balancer.sql("UPDATE servers SET health = 0")
        self.assertTrue(balancer.create("moodle", "room"))
        return balancer, node

    def test_a_meeting_is_ended_as_soon_as_its_node_hears_it(self):
        balancer, node = self.unheard()
        node.fail("hangs at end")
        eventually(lambda: node.hanging, "the poll tries to end it")
        self.assertTrue(node.meetings)
        node.fail("error 500")
        balancer.polled(node, 2)
        node.fail("")
        eventually(lambda: not node.meetings, "a later poll has ended it")

    def test_a_meeting_is_ended_after_a_restart(self):
        balancer, node = self.unheard()
        balancer.kill()
        node.fail("")
        balancer.start()
        eventually(lambda: not node.meetings, "the first poll has ended it")

    def test_a_meeting_is_ended_on_a_node_that_is_cordoned(self):
        balancer, node = self.unheard()
        other = self.node(2)
        balancer.add(other)
        balancer.sql(f"UPDATE servers SET enabled = false WHERE domain = '{node.domain}'")
        balancer.polled(other, 3)
        node.fail("")
        eventually(lambda: not node.meetings, "a poll has ended it")

    def test_a_room_that_begins_again_on_that_node_goes_on(self):
        balancer, node = self.begun_again()
        before = node.meetings.get("room-bbblb-moodle")
        balancer.polled(node, 3)
        self.assertEqual([node.meetings.get("room-bbblb-moodle"), balancer.meetings_on(node)], [before, 1])

    def test_a_room_that_began_again_there_goes_on_after_a_restart(self):
        balancer, node = self.begun_again()
        balancer.kill()
        balancer.start()
        balancer.polled(node, 3)
        self.assertEqual([len(node.meetings), balancer.meetings_on(node)], [1, 1])

    def test_a_meeting_goes_on_whose_node_has_refused_to_end_it(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room")
        node.fail("refuses end")
        balancer.call("moodle", "end", meetingID="room", password="wrong")
        node.fail("")
        eventually(lambda: balancer.meetings_on(node) == 1, "it is known again")
        self.assertTrue(node.meetings)

    def test_a_meeting_that_its_node_is_being_asked_to_end_is_left_to_its_answer(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room")
        node.fail("hangs at end")
        wrong = {"meetingID": "room", "password": "wrong"}
        asking = threading.Thread(target=balancer.call, args=("moodle", "end"), kwargs=wrong)
        asking.start()
        eventually(lambda: node.hanging, "the node is asked")
        balancer.polled(node, 3)
        asked = node.hanging
        node.fail("refuses end")
        asking.join()
        node.fail("")
        self.assertEqual(asked, 1)
        eventually(lambda: balancer.meetings_on(node) == 1, "it is known again")


class BegunAgain(Fault):
    """Fault 16: a meeting that its node had lost, and began again, is forgotten with the next poll."""

    NODES = 1

    def shows(self, balancer, found):
        rooms = ["room1", "room2", "room3"]
        for room in rooms:
            balancer.create("moodle", room)
        # Right after a poll, so that the next one finds them begun again.
        balancer.polled(found[0])
        found[0].meetings.clear()
        for room in rooms:
            balancer.create("moodle", room)
        balancer.polled(found[0], 3)
        return balancer.meetings_on(found[0]) < len(rooms)


del Fault
