import unittest

import support  # noqa: F401
from bbb_cluster.commands.routes import open_door
from routes import CONF, OWNER, STATE_LOCK, Doors, request


class Keeping(Doors):
    def test_a_door_whose_configuration_is_the_wanted_one_is_never_closed(self):
        open_door(request())
        stands, self.calls = self.everything(STATE_LOCK), []
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        sentence = self.fails(open_door, request())
        self.assertIn("but its door was open and stays as it is: https://bbb.example.com/bbb-01/", sentence)
        self.assertEqual((self.everything(STATE_LOCK), self.loaded, self.reloads()), (stands, True, 1))

    def test_a_changed_door_that_leads_nowhere_becomes_the_previous_one_again(self):
        open_door(request())
        stands, self.calls = self.everything(STATE_LOCK), []
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        for change in ({"locations": ["location /other {", "}"]}, {"proxyServerId": "18"}):
            self.calls = []
            self.assertIn("so its previous door is back: https://", self.fails(open_door, request(**change)))
            self.assertEqual((self.everything(STATE_LOCK), self.loaded, self.reloads()), (stands, True, 2))
            self.assertGreaterEqual(len(self.called("nginx -t")), 2)

    def test_the_door_of_a_server_that_was_replaced_counts_as_new(self):
        open_door(request())
        self.on("^curl .*--connect-to bbb.example", "gone\n502")
        self.assertIn("its door is closed again", self.fails(open_door, request(nodeServerId="43")))
        self.assertEqual((self.get(CONF), self.get(OWNER), self.loaded), (None, None, False))


if __name__ == "__main__":
    unittest.main()
