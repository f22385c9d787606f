import math
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_database, bbblb_metrics, bbblb_service, bbblb_tenants
from bbb_cluster.system.failure import Failure
from support import Machine

TENANTS = [{"name": name, "realm": f"{name}.example.com", "secret": "s" * 40} for name in ("moodle", "greenlight")]


class Told(Machine):
    def setUp(self):
        super().setUp()
        self.on("systemctl", "ActiveState=active\n")
        self.status, self.tried = 200, []
        self.patch(mock.patch.object(bbblb_service, "ask", lambda *_: (self.status, "")))
        self.patch(mock.patch.object(bbblb_tenants, "refusal", self.refusal))
        self.patch(mock.patch.object(bbblb_database, "query", self.query))

    def refusal(self, realm, _secret, seconds):
        self.tried.append(realm)
        self.patience = seconds
        return ""

    def query(self, statement, seconds):
        self.seconds = seconds
        return TENANTS if statement == bbblb_metrics._TENANTS else []

    def told(self, name):
        return [metric.value for metric in bbblb_metrics.metrics() if metric.name == name]

    def test_a_balancer_that_is_well_is_asked_as_each_tenant(self):
        self.assertEqual((self.told("bbb_balancer_up"), self.told("bbb_balancer_tenant_up")), ([1], [1, 1]))

    def test_one_that_hangs_is_asked_once_so_that_it_is_told_in_time(self):
        self.status = 0
        self.assertEqual((self.told("bbb_balancer_up"), self.told("bbb_balancer_tenant_up")), ([0], [0, 0]))
        self.assertEqual(self.tried, [])

    def test_ninety_tenants_that_hang_are_told_before_systemd_ends_it(self):
        self.told("bbb_balancer_up")
        rounds = math.ceil(90 / bbblb_metrics.TENANTS_AT_ONCE)
        self.assertLess(10 + 3 + rounds * self.patience, 50)

    def test_a_database_that_hangs_is_down(self):
        self.patch(mock.patch.object(bbblb_database, "query", mock.Mock(side_effect=Failure("it did not end"))))
        self.assertEqual(self.told("bbb_balancer_database_up"), [0])


if __name__ == "__main__":
    unittest.main()
