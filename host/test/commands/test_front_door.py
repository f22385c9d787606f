import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.commands.front_door import leave_front_door, prove_front_door
from bbb_cluster.system import dns
from support import FINE, Machine

BALANCER, PROXY = "203.0.113.20", "203.0.113.10"
REQUEST = {"hostname": "bbb.example.com", "addresses": [BALANCER, "2001:db8:2::1"], "ttlSeconds": 60}


class FrontDoor(Machine):
    def lead(self, *times):
        """Has the name lead to each address in turn, the last for ever."""
        left = list(times)
        self.patch(mock.patch.object(dns, "resolve", lambda _name: [left.pop(0) if len(left) > 1 else left[0]]))

    def test_is_asked_at_each_of_its_addresses_until_the_cluster_answers_there(self):
        answers = ["\n000", FINE, FINE]
        self.on("^curl", lambda _command: answers.pop(0))
        prove_front_door(REQUEST, "")
        asked = [command.split("--connect-to ")[1] for command in self.calls if command.startswith("curl")]
        first, second = (
            f"bbb.example.com:443:{to}:443 https://bbb.example.com/" for to in (BALANCER, "[2001:db8:2::1]")
        )
        self.assertEqual(asked, [first, first, second])

    def test_that_does_not_lead_to_the_cluster_is_named(self):
        self.on("^curl", "\n503")
        said = self.fails(prove_front_door, REQUEST, "")
        self.assertIn(f"in front of the proxies ({BALANCER}): HTTP status 503", said)

    def test_goes_when_the_name_leads_elsewhere_and_nobody_remembers_that_it_led_there(self):
        self.lead(BALANCER, BALANCER, PROXY)
        leave_front_door(REQUEST, "")
        self.assertGreaterEqual(self.time, 60 + dns.PAUSE_SECONDS)

    def test_stays_while_nobody_says_where_the_name_leads(self):
        self.patch(mock.patch.object(dns, "resolve", lambda _name: []))
        self.assertIn("cannot be looked up here", self.fails(leave_front_door, REQUEST, ""))

    def test_stays_while_the_name_leads_there(self):
        self.lead(BALANCER)
        self.assertIn(f"still leads to the load balancer ({BALANCER})", self.fails(leave_front_door, REQUEST, ""))


if __name__ == "__main__":
    unittest.main()
