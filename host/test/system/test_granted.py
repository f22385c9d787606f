import unittest

import kernel

from bbb_cluster.system import granted
from programs import drift
from support import Machine

LIMITS = "Limit                     Soft Limit           Hard Limit           Units\nMax open files            "
OTHERS = "/etc/sysctl.d/99-zz-hardened.conf"


class Granted(Machine):
    """A proxy whose nginx has two workers, with what systemd has granted them."""

    def setUp(self):
        super().setUp()
        kernel.works_by_its_files(self)
        self.on("^pgrep", "101\n102\n")

    def workers_with(self, *most):
        for number, files in enumerate(most, 101):
            self.put(f"/proc/{number}/limits", f"{LIMITS}{files}                {files}                files\n")

    def asked_for(self):
        self.put(granted.NGINX, "user www-data;\nworker_rlimit_nofile 16384;\n")
        self.put(granted.SYSCTL, "net.ipv4.tcp_syncookies = 1\nnet.core.somaxconn = 4096\n")

    def test_what_is_granted_as_asked_or_above_is_fine(self):
        self.asked_for()
        self.workers_with(16384, 65536)
        granted.put_in_force()
        granted.check_nginx()
        self.put("/proc/sys/net/core/somaxconn", "65535\n")
        self.assertEqual(granted.of_the_kernel() + granted.of_nginx(), [])

    def test_a_worker_that_may_open_less_files_is_named_with_the_number(self):
        self.asked_for()
        self.workers_with(16384, 1024)
        message = self.fails(granted.check_nginx)
        self.assertIn("nginx may open 1024 files and not 16384: take LimitNOFILE out of the other files", message)

    def test_a_word_of_others_that_comes_later_is_found_however_ours_reads(self):
        self.asked_for()
        self.put(OTHERS, "net.core.somaxconn = 128\n")
        message = self.fails(granted.put_in_force)
        self.assertIn("net.core.somaxconn is 128 and not 4096: take it out of /etc/sysctl.conf", message)

    def test_a_kernel_without_cookies_is_found(self):
        self.put(granted.SYSCTL, "net.ipv4.tcp_syncookies = 1\n")
        self.on("^systemctl restart systemd-sysctl", "")
        self.assertIn("net.ipv4.tcp_syncookies is not there and not 1", self.fails(granted.put_in_force))

    def test_a_machine_that_asks_for_nothing_is_short_of_nothing(self):
        self.assertEqual(granted.of_the_kernel() + granted.of_nginx(), [])

    def test_what_was_set_by_hand_since_comes_back_and_nginx_is_not_restarted(self):
        self.asked_for()
        self.workers_with(16384)
        self.put("/proc/sys/net/ipv4/tcp_syncookies", "0\n")
        granted.ensure()
        self.assertEqual(granted.of_the_kernel(), [])
        self.assertEqual(self.called("^systemctl"), ["systemctl restart systemd-sysctl", *self.called("show")])

    def test_drift_finds_what_was_taken_away_afterwards(self):
        self.asked_for()
        granted.put_in_force()
        self.put("/proc/sys/net/ipv4/tcp_syncookies", "0\n")
        found = [finding for finding in drift()["findings"] if finding["state"] == "short"]
        said = "net.ipv4.tcp_syncookies is 0 and not 1"
        self.assertEqual(found, [{"path": granted.SYSCTL, "state": "short", "found": said}])


if __name__ == "__main__":
    unittest.main()
