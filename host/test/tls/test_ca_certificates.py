import os
import unittest

import support  # noqa: F401
from bbb_cluster.system import paths
from installation import PEM_FILE, Node, order
from programs import configure_node


class Trusting(Node):
    def test_an_extra_authority_is_trusted_once_and_dropped_when_no_longer_wanted(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        self.put("/usr/local/share/ca-certificates/bbb-cluster/02.crt", "old")
        configure_node(order(caCertificates=[pem]))
        configure_node(order(caCertificates=[pem]))
        folder = paths.on_host("/usr/local/share/ca-certificates/bbb-cluster")
        self.assertEqual(os.listdir(folder), ["01.crt"])
        self.assertEqual(self.called("update-ca"), ["update-ca-certificates --fresh"])
        configure_node(order())
        self.assertEqual(os.listdir(folder), [])

    def test_one_that_takes_the_place_of_another_is_found_by_its_hash_too(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        self.put("/usr/local/share/ca-certificates/bbb-cluster/01.crt", "the one before")
        configure_node(order(caCertificates=[pem]))
        self.assertEqual(self.called("update-ca"), ["update-ca-certificates --fresh"])

    def test_an_update_of_the_trusted_certificates_that_failed_is_repeated(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        self.on("update-ca", "", 1)
        self.fails(configure_node, order(caCertificates=[pem]))
        self.on("update-ca", "")
        configure_node(order(caCertificates=[pem]))
        self.assertEqual(len(self.called("update-ca")), 2)

    def test_a_certificate_that_lost_a_line_is_refused_before_the_machine_trusts_nobody_any_more(self):
        with open(PEM_FILE) as file:
            pem = file.read()
        lines = pem.splitlines(keepends=True)
        broken = "".join(lines[:4] + lines[5:])
        message = self.fails(configure_node, order(caCertificates=[pem, broken]))
        self.assertIn("extra CA certificate 2 is not a PEM certificate", message)
        self.assertEqual(self.called("update-ca"), [])

    def test_certbot_s_file_keeps_its_other_settings(self):
        text = "# Because we are using logrotate\nmax-log-backups = 0\n"
        self.put("/etc/letsencrypt/cli.ini", text)
        configure_node(order(acmeDirectory="https://acme.example.com/dir"))
        self.assertEqual(self.get("/etc/letsencrypt/cli.ini").decode(), text + "server=https://acme.example.com/dir\n")
        configure_node(order())
        self.assertEqual(self.get("/etc/letsencrypt/cli.ini").decode(), text)


if __name__ == "__main__":
    unittest.main()
