import os
import random
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.access import access, host_firewall, rules
from bbb_cluster.commands.drift import drift
from bbb_cluster.settings import transaction
from bbb_cluster.settings.request_log import RequestNote
from bbb_cluster.system.processes import Result
from programs import configure_proxy
from support import Machine

DEPLOY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDeployDeployDeployDeployDeployDeployDeployDepl"
OPEN = ["tcp 22 203.0.113.7/32", "tcp 80", "tcp 443", "icmp", "tcp 443 10.0.1.2"]


def wanted(**changes):
    """What a request says of who may reach the machine."""
    return {"network": "10.0.0.0/16", "open": OPEN, "sshPublicKeys": [DEPLOY], **changes}


def configure(given):
    """Puts it in force as the commands do."""
    with RequestNote("configure-node", "0" * 64) as note:
        return access.configure(access.parse({"access": given}), note)


def operator(client):
    """The environment of a command that comes over SSH from there."""
    return mock.patch.dict(os.environ, {"SSH_CONNECTION": f"{client} 40000 192.0.2.1 22"})


class Firewall(Machine):
    def setUp(self):
        super().setUp()
        self.in_force = None
        self.on("^systemctl restart bbb-cluster-firewall", self.load)
        self.on("^nft list chain", lambda command: Result(0 if command.split()[-1] == self.in_force else 1))

    def load(self, _command):
        self.in_force = rules.mark_in(self.table())
        return ""

    def table(self):
        return (self.get(host_firewall.CONF) or b"").decode()

    def test_is_checked_before_it_is_in_force_and_loaded_at_each_start(self):
        outcome = configure(wanted())
        steps = [call for call in self.calls if call.startswith(("nft -c", "systemctl enable", "systemctl restart"))]
        self.assertEqual(steps[0], f"nft -c -f {host_firewall.CONF}")
        self.assertEqual(steps[1:], [f"systemctl {what} bbb-cluster-firewall" for what in ("enable", "restart")])
        self.assertIn(host_firewall.CONF, outcome.changed)
        unit = self.get(host_firewall.UNIT_FILE).decode()
        self.assertIn("Before=network-pre.target", unit)
        self.assertIn(f"ExecStart=/usr/sbin/nft -f {host_firewall.CONF}", unit)

    def test_whoever_comes_from_the_private_network_is_let_in_by_rules_that_name_it_alone(self):
        for row, client, enters in (
            ("tcp 22", "10.0.0.3", False),
            ("tcp 22 0.0.0.0/0", "10.0.0.3", False),
            ("tcp 22 10.0.0.0/8", "10.0.0.3", False),
            ("tcp 22 10.0.0.3/32", "10.0.0.3", True),
            ("tcp 22 10.0.0.0/16", "10.0.0.3", True),
            ("tcp 22 10.0.0.0/8", "10.1.0.3", True),
            ("tcp 22", "203.0.113.7", True),
        ):
            self.assertEqual(rules.parse("10.0.0.0/16", [row]).let_in(client, 22), enters, (row, client))

    def test_a_second_run_changes_nothing(self):
        configure(wanted())
        current, self.calls = self.everything(""), []
        self.assertEqual(configure(wanted()).changed, [])
        self.assertEqual(self.everything(""), current)
        self.assertEqual(self.called("nft -c|systemctl"), [])

    def test_one_that_nftables_refuses_is_rolled_back_and_the_one_before_stays_in_force(self):
        configure(wanted())
        before, mark = self.table(), self.in_force
        self.on("^nft -c", lambda _c: Result(1, "", "Error: syntax") if "9999" in self.table() else "")
        with self.assertRaisesRegex(support.Failure, "nftables does not accept the firewall.* The previous files are"):
            configure(wanted(open=[*OPEN, "tcp 9999"]))
        self.assertEqual((self.table(), self.in_force), (before, mark))

    def test_the_first_one_leaves_nothing_behind_when_it_is_refused(self):
        before = self.everything("")
        self.on("^nft -c", "", 1)
        with self.assertRaises(support.Failure):
            configure(wanted())
        self.assertEqual({path: found for path, found in self.everything("").items() if "requests" not in path}, before)
        self.assertIn("nft delete table inet bbb_cluster", self.calls)

    def test_pulumi_is_never_locked_out(self):
        configure(wanted())
        before = self.table()
        with operator("198.51.100.4"):
            message = self.fails(configure, wanted(open=[*OPEN, "tcp 9999"]))
        self.assertIn("would lock 198.51.100.4 out, from where this command came: add it to adminCidrs", message)
        self.assertEqual(self.table(), before)
        for client, rows in (
            ("203.0.113.7", OPEN),
            ("2001:db8::5", ["tcp 22 2001:db8::/32"]),
            ("192.0.2.9", ["tcp 22"]),
        ):
            with operator(client):
                configure(wanted(open=rows))

    def test_whoever_is_let_in_has_a_line_in_the_table(self):
        chance = random.Random(7)
        for _ in range(200):
            networks = [
                f"{chance.randrange(1, 224)}.{chance.randrange(256)}.0.0/16" for _ in range(chance.randrange(1, 5))
            ]
            parsed = rules.parse("10.0.0.0/16", [f"tcp 22 {' '.join(networks)}"])
            text = rules.render(parsed)
            for network in networks:
                self.assertTrue(parsed.let_in(network.replace("0.0/16", "3.4"), 22))
                self.assertIn(f"ip saddr {network} tcp dport 22 accept", text)
            self.assertFalse(parsed.let_in("240.0.0.1", 22))

    def test_what_another_program_has_flushed_is_found_and_put_in_force_again(self):
        configure(wanted())
        self.assertEqual(drift({}, "")["findings"], [])
        self.in_force = None
        found = {"path": host_firewall.CONF, "state": "unread", "unit": host_firewall.UNIT}
        self.assertEqual(drift({}, "")["findings"], [found])
        configure(wanted())
        self.assertIsNotNone(self.in_force)
        self.assertEqual(drift({}, "")["findings"], [])

    def test_an_edit_is_found_and_taken_back(self):
        configure(wanted())
        before = self.table()
        self.put(host_firewall.CONF, before.replace("policy drop", "policy accept"))
        self.assertEqual([finding["state"] for finding in drift({}, "")["findings"]], ["changed"])
        configure(wanted())
        self.assertEqual(self.table(), before)

    def test_a_run_killed_before_it_is_loaded_is_completed(self):
        def kill(_command):
            raise SystemExit(137)

        self.on("^systemctl restart bbb-cluster-firewall", kill)
        with self.assertRaises(SystemExit):
            configure(wanted())
        self.on("^systemctl restart bbb-cluster-firewall", self.load)
        transaction.recover()
        configure(wanted())
        self.assertEqual(self.in_force, rules.mark_in(self.table()))

    def test_restarts_that_others_owe_stay_noted(self):
        transaction.end(["bbb-web"])
        configure(wanted())
        self.assertEqual(transaction.recover(), ["bbb-web"])

    def test_a_request_that_is_silent_leaves_the_machine_alone(self):
        configure(None)
        self.assertEqual((self.calls, self.everything()), ([], {}))

    def test_a_proxy_has_it_before_it_asks_for_its_certificate(self):
        self.on("^certbot", lambda _c: self.assertIn("tcp dport 80 accept", self.table()) or Result(1, "", "no"))
        file = {"path": "/etc/nginx/x.conf", "content": ["x"], "restart": ["nginx"]}
        said = {"hostname": "bbb.example.com", "addresses": [], "email": "a@school.test", "acmeDirectory": None}
        self.fails(configure_proxy, {**said, "caCertificates": [], "repair": "", "files": [file], "access": wanted()})
        self.assertNotEqual(self.table(), "")


class Rows(Machine):
    def test_what_is_no_rule_is_refused(self):
        for row in (
            "",
            "tcp",
            "tcp 0",
            "tcp 80-79",
            "tcp 65536",
            "udp x",
            "icmp 1",
            "sctp 80",
            "tcp 22 nonsense",
            "tcp  22",
        ):
            with self.subTest(row=row):
                self.fails(rules.parse, "10.0.0.0/16", [row])
        for port in ("", "0", "80-90", "x", "65536"):
            self.fails(rules.parse, "10.0.0.0/16", [], (port,))
        for network in ("10.0.0.1/16", "2001:db8::/32", "x"):
            self.fails(rules.parse, network, [])


if __name__ == "__main__":
    unittest.main()
