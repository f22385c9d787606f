"""What frontends ask of BBBLB: faults 2, 4, 5, 12, 13 and 19."""

from concurrent.futures import ThreadPoolExecutor

import postgres
from faults import Fault, Rig, fill
from frontend import Frontend
from nodes import FAULTS, SILENT
from waiting import eventually


def at_once(balancer, rooms):
    """How many rooms could not be created, 16 at a time."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda room: balancer.create("moodle", room), rooms)).count(False)


class CreatesAtOnce(Fault):
    """Fault 2: new rooms of one tenant fail when they are created at the same time."""

    def shows(self, balancer, _found):
        return at_once(balancer, [f"room{number}" for number in range(96)]) > 0


class OneRoom(Rig):
    def test_created_by_many_at_once_is_in_one_place_and_fails_for_nobody(self):
        balancer, found = self.balancer(True, 2)
        self.assertEqual(at_once(balancer, [f"room{number // 16}" for number in range(96)]), 0)
        self.assertEqual(sum(len(node.meetings) for node in found), 6)

    def test_is_where_it_was_after_a_restart_in_the_middle_of_creates(self):
        balancer, found = self.balancer(True, 2)
        with ThreadPoolExecutor(8) as pool:
            done = [pool.submit(balancer.create, "moodle", f"room{number % 24}") for number in range(96)]
            eventually(lambda: sum(one.done() for one in done) > 10, "some are done")
            balancer.stop()
            balancer.start()
            self.assertTrue(all(one.result() for one in done))
        self.assertEqual(sum(len(node.meetings) for node in found), 24)

    def test_fails_for_nobody_while_the_database_restarts(self):
        balancer, found = self.balancer(True, 2)
        with ThreadPoolExecutor(8) as pool:
            done = [pool.submit(balancer.create, "moodle", f"room{number % 24}") for number in range(192)]
            for part in (20, 100):
                eventually(lambda part=part: sum(one.done() for one in done) > part, "some are done")
                postgres.restart()
            self.assertTrue(all(one.result() for one in done))
        self.assertEqual(sum(len(node.meetings) for node in found), 24)

    def test_is_created_all_the_same_when_the_database_gives_the_create_up_for_another(self):
        balancer, (node,) = self.balancer(True, 1)
        postgres.fail_once(
            balancer.database, "INSERT ON meetings", "RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'"
        )
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertEqual([balancer.meetings_on(node), len(node.meetings)], [1, 1])


class CutOff(Fault):
    """Fault 12: a meeting whose create was cut off never gets an id, so that it is forgotten after five minutes."""

    NODES = 1

    def shows(self, balancer, found):
        found[0].fail("hangs")
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(balancer.create, "moodle", "room")
            eventually(lambda: balancer.meetings_on(found[0]), "the create has begun")
            balancer.kill()
            found[0].fail("")
            balancer.start()
            first.result()
        balancer.create("moodle", "room")
        return balancer.sql("SELECT internal_id FROM meetings") == ""


class CutOffAndJoined(Fault):
    """Fault 12: so is one that people enter without another create."""

    NODES = 1

    def shows(self, balancer, found):
        balancer.create("moodle", "room")
        balancer.sql("UPDATE meetings SET internal_id = NULL")
        balancer.polled(found[0], 3)
        return balancer.sql("SELECT internal_id FROM meetings") != found[0].meetings["room-bbblb-moodle"]["internal"]


class CreateOnNodeThatFails(Fault):
    """Fault 13: new rooms fail on a node that has just begun to, although others work."""

    # Of a node that hangs one knows too late; and what it says of a meeting may be true.
    KINDS = [kind for kind in (*FAULTS, *SILENT) if kind not in ("hangs", "failed")]

    def shows(self, balancer, found):
        failed = []
        for number, kind in enumerate(self.KINDS):
            found[0].fail(kind)
            balancer.sql(f"UPDATE servers SET health = 0, load = 1000 - 1000 * (domain = '{found[0].domain}')::int")
            failed += [] if balancer.create("moodle", f"room{number}") else [kind]
            found[0].fail("")
        return failed


class AllMeetings(Fault):
    """Fault 4: the list of a tenant's meetings is an error on PostgreSQL."""

    def shows(self, balancer, _found):
        balancer.create("moodle", "room")
        status, answer = balancer.call("moodle", "getMeetings")
        return status != 200 or [one.text for one in answer.iter("meetingID")] != ["room"]


class AllMeetingsWithoutOneNode(Fault):
    """Fault 4: the list of a tenant's meetings is an error while one node is."""

    def shows(self, balancer, found):
        fill(balancer, found)
        found[0].fail("error 500")
        status, answer = balancer.call("moodle", "getMeetings")
        listed = {one.text for one in answer.iter("meetingID")} if answer is not None else set()
        return status != 200 or listed != {name.partition("-")[0] for name in found[1].meetings}


class Callbacks(Fault):
    """Fault 5: who asked to be called at a meeting's end is called three times."""

    NODES = 1

    def shows(self, balancer, found):
        frontend = Frontend()
        self.addCleanup(frontend.close)
        balancer.create("moodle", "room", meetingEndedURL=f"{frontend.url}/end")
        called = found[0].meetings["room-bbblb-moodle"]["meetingEndedURL"]
        balancer.ask(called.removeprefix("https://lb.example.com"), "lb.example.com")
        eventually(lambda: frontend.called("/end"), "the frontend is called")
        balancer.polled(found[0], 3)
        return len(frontend.called("/end")) > 1


class CallbacksCutOff(Fault):
    """Fault 20: who was to be called is forgotten when a create is cut off after its meeting was stored."""

    NODES = 1
    ASKED = {"meetingEndedURL": "https://f.test/end", "meta_bbb-recording-ready-url": "https://f.test/ready"}

    def shows(self, balancer, _found):
        postgres.fail_once(balancer.database, "INSERT ON callbacks", postgres.LOST)
        eventually(lambda: balancer.create("moodle", "room", **self.ASKED), "a try succeeds")
        return balancer.sql("SELECT type FROM callbacks JOIN meetings USING (uuid) ORDER BY type") != "END\nREC"


del Fault
