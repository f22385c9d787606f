"""Rooms that go on, and are forgotten by who knows of an earlier meeting, or of none yet: fault 19."""

from concurrent.futures import ThreadPoolExecutor

import postgres
from faults import Fault, Rig
from waiting import eventually

# No poll comes between.
UNPOLLED = {"BBBLB_POLL_INTERVAL": "3600"}

NOTE_EACH_FORGOTTEN = """
CREATE TABLE forgotten (room text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO forgotten VALUES (OLD.external_id); RETURN NULL; END';
CREATE TRIGGER noted AFTER DELETE ON meetings FOR EACH ROW EXECUTE FUNCTION note();
"""


def end_of(node):
    """Where its only meeting's end is told."""
    (meeting,) = node.meetings.values()
    return meeting["meetingEndedURL"].removeprefix("https://lb.example.com")


class AskedForWhileItBegins(Fault):
    """Fault 19: a room that is being created is forgotten when somebody asks for it."""

    NODES = 1
    SETTINGS = UNPOLLED

    def shows(self, balancer, found):
        forgotten = []
        for action in ("getMeetingInfo", "sendChatMessage"):
            found[0].fail("hangs at create")
            with ThreadPoolExecutor(1) as pool:
                create = pool.submit(balancer.create, "moodle", action)
                eventually(lambda: found[0].hanging, "the create has come to the node")
                balancer.call("moodle", action, meetingID=action)
                if balancer.sql(f"SELECT * FROM meetings WHERE external_id = '{action}'") == "":
                    forgotten.append(action)
                found[0].fail("")
                self.assertTrue(create.result())
        return forgotten


class AnswerThatIsLate(Fault):
    """Fault 19: a room that began again is forgotten by a poll whose answer is older."""

    NODES = 1
    SETTINGS = {"BBBLB_POLL_INTERVAL": "2"}

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        balancer.polled(found[0], 1)
        found[0].meetings.clear()
        found[0].fail("late at getMeetings")
        eventually(lambda: found[0].hanging, "the next poll has its answer")
        balancer.create("moodle", "room")
        balancer.sql(NOTE_EACH_FORGOTTEN)
        found[0].fail("")
        balancer.polled(found[0])
        return balancer.sql("SELECT * FROM forgotten") != ""


class EndToldAgain(Fault):
    """Fault 19: a room that began again is forgotten when the end of its earlier meeting is told once more."""

    NODES = 1
    SETTINGS = UNPOLLED

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        end = end_of(found[0])
        found[0].meetings.clear()
        balancer.create("moodle", "room")
        balancer.ask(end, "lb.example.com")
        return balancer.meetings_on(found[0]) == 0


class EndTold(Rig):
    def told(self, change):
        """A balancer and its node, which has told of an end after a change."""
        balancer, (node,) = self.balancer(True, 1, UNPOLLED)
        balancer.create("moodle", "room")
        end = end_of(node)
        change(node)
        self.assertEqual(balancer.ask(end, "lb.example.com")[0], 200)
        return balancer.meetings_on(node)

    def test_of_a_meeting_that_its_node_has_no_more_is_forgotten_at_once(self):
        self.assertEqual(self.told(lambda node: node.meetings.clear()), 0)

    def test_of_a_meeting_that_its_node_lists_as_ended_is_forgotten_at_once(self):
        self.assertEqual(self.told(lambda node: node.meetings["room-bbblb-moodle"].update(over="true")), 0)

    def test_of_a_meeting_that_everybody_has_left_is_left_to_the_next_poll(self):
        self.assertEqual(self.told(lambda node: node.meetings["room-bbblb-moodle"].update(endTime=1)), 1)

    def test_of_a_meeting_whose_node_does_not_answer_is_left_to_the_next_poll(self):
        self.assertEqual(self.told(lambda node: node.fail("error 500")), 1)


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

    def test_a_room_whose_other_create_fails_stays_where_it_is_with_its_callbacks(self):
        balancer, found = self.balancer(True, 2, UNPOLLED)
        room = {"room": "room", "meetingEndedURL": "https://moodle.example.com/"}
        for node in found:
            node.fail("create lost, hangs at getMeetingInfo")
        with ThreadPoolExecutor(1) as pool:
            lost = pool.submit(balancer.create, "moodle", **room)
            home = eventually(lambda: [node for node in found if node.hanging], "a node is asked what it heard")[0]
            # What hangs, hangs on.
            for node in found:
                node.fault = ""
            self.assertTrue(balancer.create("moodle", **room))
            self.assertTrue(lost.result())
        self.assertEqual([len(home.meetings), sum(len(node.meetings) for node in found)], [1, 1])
        self.assertEqual([balancer.meetings_on(home), balancer.sql("SELECT type FROM callbacks")], [1, "END"])

    def test_a_room_that_was_given_up_and_that_its_node_has_after_all_has_its_callbacks(self):
        balancer, (node,) = self.balancer(True, 1)
        node.fail("all unheard")
        url = "https://moodle.example.com/"
        self.assertFalse(balancer.create("moodle", "room", meetingEndedURL=url))
        node.fail("")
        eventually(lambda: balancer.meetings_on(node), "a poll has found it")
        own = "SELECT forward FROM callbacks JOIN meetings USING (uuid)"
        self.assertEqual(balancer.sql(own), url)

    def test_a_room_is_in_one_place_when_the_database_is_lost_just_then(self):
        for time in (1, 2):
            balancer, found = self.balancer(True, 2, UNPOLLED)
            postgres.fail_once(balancer.database, "UPDATE OF internal_id ON meetings", postgres.LOST, time)
            self.assertTrue(balancer.create("moodle", "room"))
            places = [(len(node.meetings), balancer.meetings_on(node)) for node in found]
            self.assertEqual(sorted(places), [(0, 0), (1, 1)])
            self.doCleanups()


del Fault
