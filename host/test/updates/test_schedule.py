import unittest

from commands.test_configure_proxy import LIVE, request

import support  # noqa: F401
from bbb_cluster.commands import configure_proxy as proxy
from bbb_cluster.updates import schedule
from fixtures import MAINTENANCE
from programs import configure_proxy, drift
from support import Machine, Result

TIMER = f"{schedule.UNITS}/{schedule.TIMER}"
DROP_IN = f"{schedule.UNITS}/timers.target.d/bbb-cluster.conf"


class Scheduling(Machine):
    def setUp(self):
        super().setUp()
        self.on("^certbot", self.certbot)

    def certbot(self, _command):
        self.put(LIVE, "pem")
        self.put(LIVE.replace("fullchain", "privkey"), "pem")
        return ""

    def test_a_timer_of_ours_starts_them_in_the_window_and_the_distribution_s_own_are_masked(self):
        self.on("systemctl is-enabled", "enabled\n" * 5)
        configure_proxy(request())
        text = self.get(TIMER).decode()
        self.assertIn("\nOnCalendar=*-*-* 02:00:00 Europe/Berlin\nRandomizedDelaySec=60min\n", text)
        self.assertIn(f"Wants={schedule.TIMER}".encode(), self.get(DROP_IN))
        masked = "apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service"
        self.assertIn(f"systemctl mask {masked} unattended-upgrades.service", self.calls)
        reloaded = self.calls.index("systemctl daemon-reload")
        self.assertLess(reloaded, self.calls.index(f"systemctl restart {schedule.TIMER}"))

    def test_another_window_is_another_timer_and_restarts_nothing_else(self):
        configure_proxy(request())
        self.calls = []
        result = configure_proxy(request(maintenance="23:00-02:00 UTC"))
        self.assertEqual((result["changed"], result["restarted"]), ([], []))
        self.assertIn(b"OnCalendar=*-*-* 23:00:00 UTC\n", self.get(TIMER))
        self.assertEqual(
            self.called("restart|reload"), ["systemctl daemon-reload", f"systemctl restart {schedule.TIMER}"]
        )

    def test_switched_off_there_is_no_timer_but_nobody_else_upgrades_either(self):
        configure_proxy(request())
        self.calls = []
        configure_proxy(request(maintenance=None))
        self.assertEqual((self.get(TIMER), self.get(DROP_IN)), (None, None))
        self.assertIn(f"systemctl stop {schedule.TIMER}", self.calls)
        self.assertIn(b'Automatic-Reboot "false"', self.get(schedule.APT))
        self.assertEqual(schedule.load(), schedule.Maintenance(schedule.PROXY, None))

    def test_a_second_run_does_nothing_and_one_after_a_kill_starts_the_timer(self):
        configure_proxy(request())
        self.calls = []
        configure_proxy(request())
        self.assertEqual(self.called("daemon-reload|bbb-cluster-maintain.timer$"), [self.shown()])
        for state in ("ActiveState=inactive\n", "ActiveState=active\nNeedDaemonReload=yes\n"):
            self.on(f"systemctl show .* {schedule.TIMER}", state)
            self.calls = []
            configure_proxy(request())
            restart = f"systemctl restart {schedule.TIMER}"
            self.assertEqual(self.called("restart|reload"), ["systemctl daemon-reload", restart])

    def shown(self):
        return f"systemctl show -p NeedDaemonReload,ActiveState {schedule.TIMER}"

    def test_a_timer_that_systemd_does_not_take_fails_the_command_and_its_request_is_not_done(self):
        self.on(f"systemctl restart {schedule.TIMER}", Result(1, "", "Unit has a bad unit file setting."))
        message = self.fails(configure_proxy, request())
        self.assertIn("the timer of security updates does not start", message)
        self.assertEqual(self.noted(), "started")

    def noted(self):
        return drift()["requests"][proxy.NAME]["state"]

    def test_what_somebody_edits_of_it_is_drift_and_is_repaired(self):
        configure_proxy(request())
        self.put(TIMER, "[Timer]\nOnCalendar=daily\n")
        self.assertEqual([(one["path"], one["state"]) for one in drift()["findings"]], [(TIMER, "changed")])
        configure_proxy(request(repair="again"))
        self.assertEqual(drift()["findings"], [])

    def test_what_is_no_window_is_refused_before_anything_is_done(self):
        self.assertIn(
            "`maintenance` must be like", self.fails(configure_proxy, request(maintenance=f"{MAINTENANCE}\n"))
        )
        self.assertEqual(self.calls, [])


if __name__ == "__main__":
    unittest.main()
