import unittest

import support  # noqa: F401
from programs import add_route
from routes import CONF, OWNER, STATE_LOCK, Routes, request


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


if __name__ == "__main__":
    unittest.main()
