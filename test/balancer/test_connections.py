"""Connections to the database, of which BBBLB has fifteen."""

from concurrent.futures import ThreadPoolExecutor

import postgres
from faults import Rig
from waiting import eventually

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Connections(Rig):
    def waiting(self, balancer, number, whose="''"):
        waiting = f"{WAITING} AND application_name = {whose}"
        eventually(lambda: int(balancer.sql(waiting)) == number, f"{number} wait for a lock")

    def test_are_enough_for_a_poll_when_creates_that_wait_for_it_have_all_the_others(self):
        balancer, (node,) = self.balancer(True, 1)
        for room in ("one", "two"):
            self.assertTrue(balancer.create("moodle", room))
        node.fail("error 500")
        for room in ("one", "two"):
            balancer.call("moodle", "end", meetingID=room)
        node.fail("hangs at end")
        eventually(lambda: node.hanging, "a poll ends the first one")
        with ThreadPoolExecutor(20) as pool:
            with postgres.held(balancer.database, "SELECT FROM servers FOR UPDATE"):
                self.waiting(balancer, 1, "'psql'")
                node.fail("")
                self.waiting(balancer, 1)
                # The poll is about to end the second one, and is the first in the row.
                done = [pool.submit(balancer.create, "moodle", f"room{number}") for number in range(20)]
                self.waiting(balancer, 15)
            self.assertTrue(all(one.result() for one in done))
