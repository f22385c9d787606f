import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.updates import due, packages, schedule
from fixtures import MAINTENANCE
from maintained import OLD, Maintained
from support import Result

REBOOT = "systemctl reboot"


class OnTheProxy(Maintained):
    MACHINE = schedule.PROXY

    def setUp(self):
        super().setUp()
        self.updates = ["nginx"]
        self.runs("nginx.service", OLD)

    def test_in_the_window_packages_restart_their_services_and_the_rest_is_restarted(self):
        self.maintain()
        self.assertNotIn(packages.KEEP_RUNNING, self.environments["unattended-upgrade --verbose"])
        self.assertEqual(self.disturbances(), ["systemctl restart nginx.service"])

    def test_in_the_window_it_reboots_when_that_is_due(self):
        self.put(due.REBOOT, "")
        self.maintain()
        self.assertEqual(self.disturbances(), [REBOOT])

    def test_an_nginx_that_would_not_start_again_is_not_restarted(self):
        self.on("nginx -t", Result(1, "", "nginx: [emerg] no"))
        self.assertIn("[emerg] no", self.fails(self.maintain))
        self.assertEqual(self.disturbances(), [])


class OneOfSeveralProxies(Maintained):
    MACHINE = schedule.PROXY
    PEERS = ("http://10.0.1.3:8483/https", "http://10.0.1.4:8483/https")

    def setUp(self):
        super().setUp()
        schedule.put_in_place({"maintenance": MAINTENANCE, "peers": [*self.PEERS]}, self.MACHINE, [], mock.Mock())
        self.calls = []
        self.put(due.REBOOT, "")

    def answering(self, **statuses):
        for peer, url in zip(("first", "second"), self.PEERS):
            self.on(f"^curl .*{url}", lambda _c, peer=peer: statuses[peer]() if peer in statuses else "\n503")

    def test_it_reboots_when_another_one_serves(self):
        self.answering(second=lambda: "\n200")
        self.assertEqual((self.maintain()["left"], self.disturbances()), ("", [REBOOT]))

    def test_it_waits_until_another_one_serves_again(self):
        self.answering(first=lambda: "\n200" if self.time >= 600 else Result(7, "", "curl: (7) refused"))
        self.maintain()
        self.assertEqual(self.disturbances(), [REBOOT])
        self.assertTrue(600 <= self.time < 700, self.time)

    def test_the_last_one_that_works_is_left_alone_and_says_so(self):
        self.answering()
        self.assertEqual((self.maintain()["left"], self.disturbances()), ("no other proxy serves", []))


if __name__ == "__main__":
    unittest.main()
