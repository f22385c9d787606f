import os
import re
import shutil
import subprocess
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import paths
from bbb_cluster.updates import packages, schedule
from bbb_cluster.updates.held import is_held
from fixtures import MAINTENANCE
from support import Machine

# What is decided about each package, and why. BigBlueButton's target restarts nginx, freeswitch, redis and PostgreSQL
# with it (bigbluebutton#21532), haproxy and coturn stand beside it (#17773); upgrades of all of these restart
# themselves (Debian policy 9.3.3, invoke-rc.d), and of bbb-graphql-server drop its database (#22895).
DECISIONS = {
    "held": """
        bbb-web bbb-apps-akka bbb-graphql-server bbb-html5 bigbluebutton bbb-freeswitch-core freeswitch livekit-server
        redis redis-server redis-tools postgresql postgresql-14 postgresql-common postgresql-client-14 mongodb-org
        haproxy coturn nginx nginx-common nginx-core nginx-extras libnginx-mod-http-perl
        docker.io docker-ce containerd containerd.io runc
        openjdk-17-jre-headless nodejs libnode72 ruby3.0 libruby3.0 ruby-redis
        systemd systemd-sysv libsystemd0 libpam-systemd udev libudev1
    """,
    # Libraries: who runs keeps the old file until it is restarted. Programs: they are started anew for each use.
    "applied": """
        libssl3 openssl libc6 libc-bin zlib1g libpcre2-8-0 libxml2 libcurl4 libpam0g dbus
        openssh-server sudo curl wget git vim bash tar python3.10 perl-base tzdata ca-certificates
        ffmpeg imagemagick ghostscript libreoffice-core poppler-utils
        linux-image-generic linux-image-5.15.0-130-generic linux-modules-5.15.0-130-generic
        unattended-upgrades needrestart cloud-init snapd
    """,
}


class Held(unittest.TestCase):
    def test_what_bigbluebutton_is_or_stands_on_is_held_and_nothing_else(self):
        for decision, names in DECISIONS.items():
            for name in names.split():
                self.assertEqual(is_held(name), decision == "held", name)


class Configured(Machine):
    """What apt and unattended-upgrades make of our files, by their own programs and rules."""

    def configure(self, machine):
        schedule.put_in_place({"maintenance": MAINTENANCE}, machine, [], mock.Mock())
        if not shutil.which("apt-config"):
            self.skipTest("there is no apt here")
        # As on Ubuntu 22.04, with a package that the administrator does not want upgraded.
        theirs = (
            'Unattended-Upgrade::Allowed-Origins { "Ubuntu:jammy-updates"; };\n'
            'Unattended-Upgrade::Package-Blacklist { "^mine"; };\nUnattended-Upgrade::Automatic-Reboot "true";\n'
        )
        self.put("/etc/apt/apt.conf.d/50unattended-upgrades", theirs)
        self.put("/main.conf", f'Dir::Etc::Parts "{paths.on_host("/etc/apt/apt.conf.d")}";\n')
        environment = {**os.environ, "APT_CONFIG": paths.on_host("/main.conf")}
        dump = ["apt-config", "dump", "Unattended-Upgrade"]
        shown = subprocess.run(dump, env=environment, capture_output=True, text=True, check=True).stdout
        found = {}
        for name, value in re.findall(r'^Unattended-Upgrade::(\S+?)(?:::)? "(.*)";$', shown, re.MULTILINE):
            found.setdefault(name, []).extend([value] if value else [])
        return found

    def test_only_security_comes_and_no_reboot(self):
        found = self.configure(schedule.NODE)
        self.assertEqual(found["Allowed-Origins"], [])
        release = "origin=Ubuntu,archive=${distro_codename}"
        for origin in found["Origins-Pattern"]:
            self.assertTrue("ecurity" in origin or origin == release, origin)
        self.assertEqual(found["Automatic-Reboot"], ["false"])

    def test_unattended_upgrades_is_told_what_is_held_on_a_node(self):
        expressions = self.configure(schedule.NODE)["Package-Blacklist"]
        for decision, names in DECISIONS.items():
            for name in names.split():
                # As is_pkgname_in_blacklist of unattended-upgrades does it.
                blacklisted = any(re.match(expression, name) for expression in expressions)
                self.assertEqual(blacklisted, decision == "held", name)
        self.assertIn("^mine", expressions)

    def test_on_the_proxy_nothing_of_ours_is_held(self):
        self.assertEqual(self.configure(schedule.PROXY)["Package-Blacklist"], ["^mine"])

    def test_needrestart_lists_and_restarts_nothing_whoever_runs_apt(self):
        self.configure(schedule.NODE)
        text = self.get(schedule.NEEDRESTART).decode()
        self.assertRegex(text, r"(?m)^\$nrconf\{restart\} = 'l';$")
        self.assertTrue(schedule.NEEDRESTART.endswith(".conf"))


class Policy(Machine):
    """policy-rc.d, which invoke-rc.d and deb-systemd-invoke ask before they act on a service."""

    def asked(self, *arguments, **environment):
        script = paths.on_host(packages.POLICY)
        return subprocess.run([script, *arguments], env={**os.environ, **environment}, check=False).returncode

    def test_packages_restart_nothing_that_is_held_but_in_our_own_run_only(self):
        packages.apply_unattended(keep_running=True)
        self.assertEqual(self.mode(packages.POLICY), 0o755)
        ours = {packages.KEEP_RUNNING: "1"}
        for unit in ("redis-server", "postgresql@14-main.service", "haproxy.service", "nginx", "coturn", "bbb-web"):
            self.assertEqual(self.asked(unit, "restart", **ours), 101, unit)
            self.assertEqual(self.asked("--quiet", unit, "restart", "5", **ours), 101, unit)
            self.assertEqual(self.asked(unit, "restart"), 0, unit)
        for unit in ("ssh", "cron.service", "rsyslog"):
            self.assertEqual(self.asked(unit, "restart", **ours), 0, unit)

    def test_a_policy_of_the_administrator_s_stays(self):
        self.put(packages.POLICY, "#!/bin/sh\nexit 0\n", 0o700)
        packages.apply_unattended(keep_running=True)
        self.assertEqual(self.get(packages.POLICY), b"#!/bin/sh\nexit 0\n")
        self.assertIn(f"{packages.POLICY} is not ours", self.said[0])


if __name__ == "__main__":
    unittest.main()
