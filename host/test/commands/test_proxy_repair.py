"""
A proxy on which something was lost, and what behaves as nginx and certbot do: nginx loads a configuration as a whole or
not at all, and goes on with the old one in memory; certbot makes a certificate under another name beside what is left
of one (certbot's storage.py: unique_lineage_name).
"""

import itertools
import os
import re
import shutil
import unittest

import kernel
import test_contract

from bbb_cluster.system import paths
from bbb_cluster.tls import certificate
from programs import configure_proxy, drift
from support import Machine, Result

HOST = "bbb.example.com"
NGINX_CONF, SITE = "/etc/nginx/nginx.conf", "/etc/nginx/conf.d/bbb-cluster.conf"
NAME, CERTIFICATE = "/etc/nginx/bbb-cluster/name.conf", "/etc/nginx/bbb-cluster/certificate.conf"
CHALLENGES = "/etc/nginx/bbb-cluster/challenges.conf"
CHAIN, KEY = (f"/etc/letsencrypt/live/{HOST}/{name}.pem" for name in ("fullchain", "privkey"))
ARCHIVED, RENEWAL = (f"/etc/letsencrypt/{name}" for name in (f"archive/{HOST}/privkey1.pem", f"renewal/{HOST}.conf"))


def request(**changes):
    """The request as the program sends it."""
    sent = next(sent for name, sent in test_contract.of_command("configure-proxy") if name == "configure-proxy")
    return {**sent, "addresses": [], **changes}


class Front(Machine):
    """nginx and certbot with a memory."""

    def setUp(self):
        super().setUp()
        self.running, self.loaded, self.issued = False, "", 0
        kernel.works_by_its_files(self)
        self.on("^nginx -t", lambda _c: Result(1, "", f"nginx: [emerg] {self.flaw()}") if self.flaw() else "")
        self.on("systemctl reload-or-restart nginx|systemctl enable --now nginx", self.start)
        self.on("^systemctl show .* nginx$", lambda _c: f"ActiveState={'active' if self.running else 'failed'}\n")
        self.on("^certbot", self.certbot)
        self.on("^curl .*acme-challenge", lambda c: f"{self.token(c)}\n200" if self.serves() else "\n404")
        self.on("^openssl x509 -noout -ext subjectAltName", f"    DNS:{HOST}\n")
        self.on("^openssl (x509 -noout -pubkey|pkey -pubout)", self.public_key)
        configure_proxy(request())
        self.calls, self.said = [], []

    def text(self, path):
        return (self.get(path) or b"").decode(errors="replace")

    def flaw(self):
        """Why nginx would not load what is there."""
        if "http {" not in self.text(NGINX_CONF):
            return "no http"
        if self.get(SITE) is None:
            return ""
        for path in (SITE, NAME, CERTIFICATE):
            if self.get(path) is None or re.search("broken|\ufffd", self.text(path)):
                return f"{path} is missing or wrong"
        return "" if self.get(CHAIN) and self.get(KEY) == self.get(CHAIN) else "cannot load certificate"

    def start(self, command):
        if self.flaw() and ("reload" in command or not self.running):
            return Result(1, "", "Job for nginx.service failed")
        if "reload" in command or not self.running:
            self.loaded = self.text(CHALLENGES) + self.text(SITE) + self.text(certificate.CHALLENGE)
        self.running = True
        return ""

    def serves(self):
        return self.running and "/.well-known/acme-challenge/" in self.loaded

    def token(self, command):
        return self.text(f"{certificate.WEBROOT}{command.split(HOST)[-1]}")

    def public_key(self, command):
        found = self.get(command.split("-in ")[1].replace(self.root, ""))
        return found.decode() if found else Result(1, "", "unable to load")

    def certbot(self, _command):
        if not self.serves():
            return Result(1, "  Type: connection\n  Detail: Connection refused\n", "")
        self.issued += 1
        taken = self.get(RENEWAL) is not None or os.path.isdir(paths.on_host(os.path.dirname(CHAIN)))
        if taken and self.get(CHAIN) and self.get(KEY):
            return ""
        suffix = "-0001" if taken else ""
        for path in (CHAIN, KEY, ARCHIVED, RENEWAL):
            self.put(path.replace(HOST, HOST + suffix), f"pair {self.issued}")
        return ""

    def lose(self, *paths_):
        for path in paths_:
            os.unlink(paths.on_host(path))

    def findings(self):
        return {(finding["path"], finding["state"]) for finding in drift()["findings"]}

    def repair(self):
        configure_proxy(request(repair="x"))
        self.assertEqual(self.findings(), set())
        self.assertEqual((self.flaw(), self.running, self.get(certificate.CHALLENGE)), ("", True, None))
        self.assertIn("ssl_reject_handshake", self.loaded)


FAULTS = {
    "chain lost": lambda front: front.lose(CHAIN),
    "key lost": lambda front: front.lose(KEY),
    "all of certbot's lost": lambda front: shutil.rmtree(paths.on_host("/etc/letsencrypt")),
    "another key": lambda front: front.put(KEY, "another"),
    "site deleted": lambda front: front.lose(SITE),
    "name deleted": lambda front: front.lose(NAME),
    "certificate.conf edited": lambda front: front.put(CERTIFICATE, "broken"),
    "nginx.conf edited": lambda front: front.put(NGINX_CONF, "events {}\n"),
    "site edited": lambda front: front.put(SITE, "broken"),
}


class Repairing(Front):
    def restore(self, state):
        shutil.rmtree(self.root)
        shutil.copytree(state, self.root, symlinks=True)

    def test_whatever_two_things_are_lost_with_nginx_dead_or_alive(self):
        state = f"{self.root}.sound"
        shutil.copytree(self.root, state, symlinks=True)
        self.addCleanup(shutil.rmtree, state)
        loaded = self.loaded
        for one, other in itertools.combinations_with_replacement(FAULTS, 2):
            for alive in (True, False):
                with self.subTest(one=one, other=other, alive=alive):
                    self.running, self.loaded = alive, loaded
                    FAULTS[one](self)
                    if other != one and not (
                        other.endswith("lost") and self.get(CHAIN if "chain" in other else KEY) is None
                    ):
                        FAULTS[other](self)
                    self.assertNotEqual(self.findings(), set())
                    self.repair()
                    self.assertFalse(os.path.exists(paths.on_host(f"/etc/letsencrypt/live/{HOST}-0001")))
                self.restore(state)

    def test_a_dead_nginx_is_found_and_started(self):
        self.running = False
        self.assertEqual(self.findings(), {(NGINX_CONF, "stopped")})
        self.assertEqual(self.said, [f"{NGINX_CONF} is not served: nginx does not run"])
        self.repair()
        self.assertEqual(self.called("^certbot"), [])

    def test_a_certificate_is_found_to_be_missing_unreadable_or_expired(self):
        self.on("openssl x509 .*-checkend 0 ", "", 1)
        self.assertEqual(self.findings(), {(CHAIN, "expired")})
        refused = (NGINX_CONF, "refused")
        self.put(KEY, "another")
        self.assertEqual(self.findings(), {(KEY, "unreadable"), refused})
        self.lose(KEY)
        self.assertEqual(self.findings(), {(KEY, "missing"), refused})
        self.lose(CHAIN)
        self.assertEqual(self.findings(), {(CHAIN, "missing"), refused})

    def test_a_configuration_that_cannot_be_read_hides_nothing(self):
        self.put(CERTIFICATE, b"\xff")
        self.assertEqual(self.findings(), {(CERTIFICATE, "changed"), (NGINX_CONF, "refused")})
        self.lose(CERTIFICATE)
        os.mkdir(paths.on_host(CERTIFICATE))
        self.running = False
        self.assertEqual(self.findings(), {(CERTIFICATE, "unreadable"), (NGINX_CONF, "stopped")})

    def test_a_site_in_memory_stays_there_until_there_is_a_certificate(self):
        self.lose(KEY)
        self.on("^certbot", Result(1, "  Type: dns\n  Detail: DNS problem: NXDOMAIN\n", ""))
        before = self.loaded
        self.assertIn("NXDOMAIN", self.fails(configure_proxy, request(repair="x")))
        self.assertEqual((self.loaded, self.called("reload|restart")), (before, []))

    def test_a_foreign_file_that_nginx_refuses_is_named(self):
        self.running = False
        self.lose(KEY)
        self.on("^nginx -t", Result(1, "", 'nginx: [emerg] unknown directive "x" in /etc/nginx/conf.d/own.conf:3\n'))
        self.assertIn("own.conf:3", self.fails(configure_proxy, request(repair="x")))
        self.assertIsNotNone(self.get(SITE))

    def test_a_certificate_that_is_valid_still_may_wait_for_its_renewal(self):
        self.on("openssl x509 .*-checkend 1209600 ", "", 1)
        limit = "too many certificates already issued, retry after 2126-11-27 10:00:00 UTC"
        self.on("^certbot", Result(1, f"An unexpected error occurred:\n{limit}\n", ""))
        self.fails(configure_proxy, request(repair="x"))
        self.calls = []
        configure_proxy(request(repair="y"))
        self.assertEqual(self.called("^certbot"), [])
        self.on("openssl x509 .*-checkend 0 ", "", 1)
        self.assertIn(limit, self.fails(configure_proxy, request(repair="z")))


if __name__ == "__main__":
    unittest.main()
