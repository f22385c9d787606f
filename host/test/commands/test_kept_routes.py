import json
import unittest

import support  # noqa: F401
from bbb_cluster.settings.transaction import JOURNAL
from programs import add_route
from routes import CONF, OWNER, STATE_LOCK, UPSTREAM, Routes, request
from support import Result


class Keeping(Routes):
    def test_a_route_whose_configuration_is_the_wanted_one_is_never_removed(self):
        add_route(request())
        current, self.calls = self.everything(STATE_LOCK), []
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        message = self.fails(add_route, request())
        self.assertIn("but its route was there and is unchanged: https://bbb.example.com/bbb-01/", message)
        self.assertEqual((self.everything(STATE_LOCK), self.loaded, self.reloads()), (current, True, 1))

    def test_a_changed_route_that_leads_nowhere_becomes_the_previous_one_again(self):
        add_route(request())
        current, self.calls = self.everything(STATE_LOCK), []
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        for change in ({"nodeAddress": "10.0.1.12"}, {"proxyServerId": "18"}):
            self.calls = []
            self.assertIn("so its previous route is back: https://", self.fails(add_route, request(**change)))
            self.assertEqual((self.everything(STATE_LOCK), self.loaded, self.reloads()), (current, True, 2))
            self.assertGreaterEqual(len(self.called("nginx -t")), 2)

    def test_the_route_of_a_server_that_was_replaced_counts_as_new(self):
        add_route(request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.assertIn("its route is removed again", self.fails(add_route, request(nodeServerId="43")))
        self.assertEqual((self.get(CONF), self.get(OWNER), self.loaded), (None, None, False))


class Undoing(Routes):
    def test_a_new_route_goes_even_if_nginx_reads_neither_it_nor_its_end(self):
        self.on("systemctl reload-or-restart nginx", Result(1, "", "Address already in use\n"))
        self.assertIn("nginx cannot be reloaded", self.fails(add_route, request()))
        self.assertEqual((self.get(CONF), self.get(UPSTREAM), self.get(OWNER)), (None, None, None))
        self.assertEqual(self.noted(), {"entries": [], "units": ["nginx"]})

    def test_a_previous_route_is_back_even_if_nginx_reads_neither(self):
        add_route(request())
        self.on("systemctl reload-or-restart nginx", Result(1, "", "Address already in use\n"))
        self.fails(add_route, request(nodeAddress="10.0.1.12"))
        self.assertIn(b"10.0.1.11", self.get(UPSTREAM))

    def test_what_others_are_still_to_restart_stays_noted(self):
        self.put(JOURNAL, json.dumps({"entries": [], "units": ["systemd-sysctl", "nginx"]}))
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.assertIn("its route is removed again", self.fails(add_route, request()))
        self.assertEqual(self.noted(), {"entries": [], "units": ["systemd-sysctl"]})

    def noted(self):
        return json.loads(self.get(JOURNAL))


if __name__ == "__main__":
    unittest.main()
