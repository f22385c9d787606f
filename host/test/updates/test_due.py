import unittest

import support  # noqa: F401
from bbb_cluster.updates import due, packages
from maintained import NEW, OLD, Maintained, inst
from support import Result


class Due(Maintained):
    def test_nothing_is_due_where_nothing_is(self):
        self.assertEqual(self.due(), {"held": [], "waiting": [], "old": [], "reboot": None, "last": None})

    def test_updates_that_must_wait_are_told_from_those_that_come_by_themselves(self):
        self.updates = ["redis-server", "libssl3", "nginx-common"]
        self.assertEqual((self.due()["held"], self.due()["waiting"]), (["nginx-common", "redis-server"], ["libssl3"]))

    def test_only_updates_of_what_is_installed_count_and_only_for_security(self):
        new = "Inst linux-image-5.15.0-131 (5.15 Ubuntu:22.04/jammy-security [amd64])\n"
        debian = (
            "Inst libperl5.36 [5.36.0-7] (5.36.0-7+u4 Debian-Security:12/oldstable-security [amd64]) [perl:amd64 ]\n"
        )
        self.on("--simulate", inst("curl") + inst("bash", "jammy-updates") + new + debian + "Conf curl (2)\n")
        self.assertEqual(packages.pending(), ["curl", "libperl5.36"])

    def test_without_a_source_of_security_updates_there_are_none(self):
        said = "E: The value '*-security' is invalid for APT::Default-Release"
        said += " as such a release is not available in the sources"
        self.on("--simulate", Result(100, "", said))
        self.assertEqual(packages.pending(), [])
        self.on("--simulate", Result(100, "", "E: The package lists or status file could not be parsed"))
        self.assertIn("could not be parsed", self.fails(packages.pending))

    def test_services_on_replaced_programs_and_libraries_are_named_once(self):
        self.runs("nginx.service", NEW + OLD)
        self.runs("bbb-web.service", OLD.replace("libssl.so.3", "jvm/bin/java"))
        self.put("/proc/500/cgroup", "0::/system.slice/nginx.service\n")
        self.put("/proc/500/maps", OLD)
        self.assertEqual(self.due()["old"], ["bbb-web.service", "nginx.service"])

    def test_what_is_deleted_but_was_no_program_does_not_count(self):
        for maps in (
            OLD.replace("r-xp", "r--p"),
            OLD.replace("/usr/lib/x86_64-linux-gnu/libssl.so.3", "/memfd:jit"),
            OLD.replace("/usr/lib/x86_64-linux-gnu/libssl.so.3", "/tmp/hsperfdata"),
            "ffff-fffe r-xp 00000000 00:00 0    [vdso]\n",
            "",
        ):
            self.runs("bbb-web.service", maps)
            self.assertEqual(self.due()["old"], [], maps)

    def test_processes_of_no_service_do_not_count_and_older_machines_name_the_service_otherwise(self):
        for cgroup, expected in (
            ("0::/user.slice/user-0.slice/session-3.scope\n", []),
            ("0::/system.slice/docker-0a1b.scope\n", []),
            ("0::/system.slice/bbb-cluster-maintain.service\n", []),
            ("12:pids:/x.service\n1:name=systemd:/system.slice/cron.service\n0::/\n", ["cron.service"]),
        ):
            self.put("/proc/700/maps", OLD)
            self.put("/proc/700/cgroup", cgroup)
            self.assertEqual(self.due()["old"], expected, cgroup)

    def test_a_reboot_is_due_when_a_package_asks_for_it_or_nothing_else_helps(self):
        self.put(due.REBOOT, "*** System restart required ***\n")
        self.assertEqual(self.due()["reboot"], [])
        self.put(f"{due.REBOOT}.pkgs", "libc6\nlinux-image-generic\n")
        self.runs("dbus.service", OLD)
        self.assertEqual(self.due()["reboot"], ["libc6", "linux-image-generic", "dbus.service"])
        self.assertEqual(self.due()["old"], [])

    def test_asking_changes_nothing(self):
        current = self.everything("")
        self.due()
        self.assertEqual(self.everything(""), current)


if __name__ == "__main__":
    unittest.main()
