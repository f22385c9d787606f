import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE, NODE_SECRET, ONE, TWO, Balanced, api
from bbb_cluster.balancer import disks, members
from bbb_cluster.balancer.balancer import Balancer
from bbb_cluster.system import curl

LOW, FINE, SILENT = (curl.Answer(status, body, "") for status, body in ((200, "5% left\n"), (200, "fine\n"), (0, "")))


class Disks(Balanced):
    def setUp(self):
        super().setUp()
        for node, host in ((NODE, ONE), ("bbb-02", TWO)):
            self.there.put(host)
            members.join(self.balancer, node, api(host), NODE_SECRET, 1.0)
        self.answers_of = {ONE: FINE, TWO: FINE}
        self.patch(mock.patch.object(curl, "get", lambda url, **_: self.answers_of[url.split("/")[2]]))

    def follow(self, one):
        self.answers_of[ONE] = one
        return disks.follow(self.balancer)

    def test_a_node_that_says_that_its_disk_is_low_is_closed_and_opened_again(self):
        self.assertEqual(self.follow(LOW), [NODE])
        self.assertEqual(self.states(), {"bbb-01": "cordoned", "bbb-02": "enabled"})
        self.assertEqual(
            members.why_closed(self.balancer, NODE, api(ONE)).split(": ")[-1],
            "5% left",
        )
        self.assertEqual(self.follow(FINE), [])
        self.assertEqual(self.states(), {"bbb-01": "enabled", "bbb-02": "enabled"})

    def test_one_that_does_not_answer_stays_as_it_is(self):
        self.assertEqual(self.follow(SILENT), [])
        self.follow(LOW)
        self.assertEqual(self.follow(SILENT), [NODE])
        self.assertEqual(self.states()["bbb-01"], "cordoned")

    def test_what_somebody_has_closed_by_hand_stays_closed(self):
        members.hold(self.balancer, NODE, "hand", "a fan is loud")
        self.follow(LOW)
        self.follow(FINE)
        self.assertEqual(self.states()["bbb-01"], "cordoned")

    def test_the_last_node_that_is_open_stays_open_with_a_word_about_it(self):
        self.answers_of[TWO] = LOW
        self.assertEqual(self.follow(LOW), [NODE])
        self.assertEqual(self.states(), {"bbb-01": "cordoned", "bbb-02": "enabled"})
        self.assertIn("bbb-02: ", self.said[-1])

    def test_where_nobody_is_told_nobody_is_asked(self):
        disks.watch(self.balancer)
        self.assertEqual(len(self.called(f"enable --quiet --now {disks.TIMER}")), 1)
        before = set(self.everything())
        disks.watch(Balancer())
        self.assertEqual(
            before - set(self.everything()),
            {f"{disks.FOLDER}/bbb-cluster-disks.service", f"{disks.FOLDER}/{disks.TIMER}"},
        )


if __name__ == "__main__":
    unittest.main()
