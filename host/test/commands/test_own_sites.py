"""An administrator's own sites in the proxy's nginx, beside the cluster's: with the real nginx where there is one."""

import os
import re
import unittest

import kernel
import test_contract

import real_nginx
import support  # noqa: F401
from bbb_cluster.system import paths
from programs import configure_proxy, drift
from support import Machine, Result

REQUEST = next(sent for name, sent in test_contract.of_command("configure-proxy") if name == "configure-proxy")
HOST = REQUEST["hostname"]
CHAIN, KEY = (f"/etc/letsencrypt/live/{HOST}/{name}.pem" for name in ("fullchain", "privkey"))
OWN, EARLY = "/etc/nginx/sites-enabled/wiki", "/etc/nginx/conf.d/aaa.conf"
DEFAULT, DEBIANS = "/etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default"
DEBIANS_TEXT = "server {\n\tlisten 80 default_server;\n\tlisten [::]:80 default_server;\n\tserver_name _;\n}\n"
TLS = f"ssl_certificate {CHAIN}; ssl_certificate_key {KEY};"


def server(listen, name="wiki.example.org", more=""):
    """A site that says `wiki`."""
    return f"server {{\n  {listen}\n  server_name {name};\n  {more}\n  location / {{ return 200 wiki; }}\n}}\n"


# What an administrator's site says that takes something from the cluster, and what is said about it.
CONFLICTS = [
    (server("listen 80 default_server;"), "wants to be the default server of port 80: take `default_server` away"),
    (server("listen [::]:443 ssl default_server;", more=TLS), "wants to be the default server of port 443"),
    (server("listen *:80 default;"), "wants to be the default server of port 80"),
    (server("listen 443 ssl;", HOST, TLS), f"has the cluster's `server_name` {HOST}: give it another one"),
    (server("listen [::]:80;", f"wiki.example.org\n    .{HOST.upper()}"), "has the cluster's `server_name`"),
    (server("listen 80;", f'"{HOST}"'), "has the cluster's `server_name`"),
    (server("listen '[::]:80' 'default_server';"), "wants to be the default server of port 80"),
    (server("listen 443 ssl proxy_protocol;", more=TLS), "wants PROXY headers on port 443, the cluster's, too: take"),
    (
        server("listen 80 reuseport backlog=9;"),
        "sets backlog=9, reuseport of port 80, of which the cluster's word counts",
    ),
    (server("listen [::]:443 ssl ipv6only=on;", more=TLS), "sets ipv6only=on of port 443, of which the cluster's word"),
    (server("", HOST), "has the cluster's `server_name`"),
    (server("listen 192.0.2.1:443 ssl;", more=TLS), "would answer for the cluster on 192.0.2.1: write `listen 443`"),
    (server("listen 192.0.2.1;"), "would answer for the cluster on 192.0.2.1: write `listen 80`"),
    (server("listen [2001:db8::1]:80;"), "would answer for the cluster on [2001:db8::1]"),
    (server("listen 80;") + server("listen 80;", HOST), "has the cluster's `server_name`"),
]
HARMLESS = [
    server("listen 80;\n  listen [::]:443 ssl;", more=TLS),
    server("listen 127.0.0.1:80;", "localhost", "stub_status;"),
    server("listen 8443 ssl default_server proxy_protocol;", HOST, TLS),
    server("listen unix:/run/wiki.sock default_server;"),
    server(f"listen 80; # default_server\n  # server_name {HOST};", f"www.{HOST}"),
    server("listen 80;", "*.example.com"),
    "upstream wiki { server 10.0.0.1:80; }\n",
]


class Proxy(Machine):
    """A proxy on which nginx was just installed, as Debian does."""

    def setUp(self):
        super().setUp()
        kernel.works_by_its_files(self)
        for path in (CHAIN, KEY):
            self.put(path, "pem")
        self.put("/etc/nginx/mime.types", "types { text/html html; }\n")
        self.put(DEBIANS, DEBIANS_TEXT)
        os.makedirs(paths.on_host(os.path.dirname(DEFAULT)))
        os.symlink(DEBIANS, paths.on_host(DEFAULT))

    def configure(self, repair=""):
        return configure_proxy({**REQUEST, "addresses": [], "repair": repair})

    def refused(self, repair):
        """The message of a run that must have left files and nginx alone."""
        before, self.calls = self.everything(), []
        message = self.fails(configure_proxy, {**REQUEST, "addresses": [], "repair": repair})
        self.assertEqual((self.everything(), self.called("reload|restart")), (before, []))
        return message


class Claims(Proxy):
    def setUp(self):
        super().setUp()
        self.configure()

    def test_a_site_that_claims_what_is_the_cluster_s_is_refused_and_found(self):
        for number, (text, said) in enumerate(CONFLICTS):
            for path in (OWN, EARLY):
                with self.subTest(text=text, path=path):
                    self.put(path, text)
                    message = self.refused(f"{number} {path}")
                    self.assertIn(f"own sites of nginx are in the way: {path} {said}", message)
                    (finding,) = drift()["findings"]
                    self.assertEqual((finding["path"], finding["state"]), (path, "in the way"))
                    os.unlink(paths.on_host(path))

    def test_a_site_that_claims_nothing_of_it_is_left_alone(self):
        for number, text in enumerate(HARMLESS):
            with self.subTest(text=text):
                self.put(OWN, text)
                self.configure(str(number))
                self.assertEqual(drift()["findings"], [])
                self.assertEqual(self.get(OWN).decode(), text)

    def test_a_configuration_that_nginx_would_not_start_with_is_found(self):
        self.on("^nginx -t", Result(1, "", f'nginx: [emerg] unknown directive "x" in {OWN}:1\n'))
        (finding,) = drift()["findings"]
        self.assertEqual((finding["path"], finding["state"]), ("/etc/nginx/nginx.conf", "refused"))
        self.assertIn(
            f'not be accepted at the next start: nginx: [emerg] unknown directive "x" in {OWN}', self.said[-1]
        )

        message = self.refused("x")
        self.assertIn("nginx does not accept its configuration", message)

    def test_debian_s_site_is_taken_away_whenever_it_is_there_and_stays_on_the_disk(self):
        self.assertFalse(os.path.lexists(paths.on_host(DEFAULT)))
        self.assertEqual(self.get(DEBIANS).decode(), DEBIANS_TEXT)
        os.symlink(DEBIANS, paths.on_host(DEFAULT))
        self.assertEqual(drift()["findings"], [])
        result = self.configure("x")
        self.assertEqual((result["changed"], result["restarted"]), ([DEFAULT], ["nginx"]))
        self.assertFalse(os.path.lexists(paths.on_host(DEFAULT)))

    def test_an_own_site_of_the_name_default_stays(self):
        self.put(DEFAULT, server("listen 80;"))
        self.configure("x")
        self.assertIsNotNone(self.get(DEFAULT))


@unittest.skipUnless(real_nginx.can_be_tried(), "needs nginx and namespaces")
class Real(Proxy):
    def setUp(self):
        super().setUp()
        real_nginx.certificate(CHAIN, KEY)
        self.on("^nginx -t", lambda _command: real_nginx.run("nginx -t"))
        self.configure()

    def fetch(self, *urls, at=("127.0.0.1",)):
        """What nginx, started with what is on the disk, says to each."""
        asked = [f"curl --silent --insecure --connect-to ::{each}: {url}; echo" for each in at for url in urls]
        done = real_nginx.run("\n".join(["nginx", *asked, "nginx -s stop"]))
        return done.out.splitlines() or done.err

    def test_own_sites_are_served_beside_the_cluster_s(self):
        self.put(OWN, server("listen 80;\n  listen 443 ssl;", more=TLS))
        self.configure("x")
        found = self.fetch("https://wiki.example.org/", "http://wiki.example.org/", f"https://{HOST}/")
        self.assertEqual(found[:2], ["wiki", "wiki"])
        self.assertIn("<!doctype html>", found[2].lower())

    def test_what_is_harmless_is_so(self):
        for text in HARMLESS:
            with self.subTest(text=text):
                self.put(OWN, text)
                self.assertIn("<!doctype html>", "".join(self.fetch(f"https://{HOST}/")).lower())

    def test_what_is_refused_takes_the_cluster_s_requests_or_stops_nginx(self):
        for text, _ in CONFLICTS:
            with self.subTest(text=text):
                self.put(EARLY, text.replace("[2001:db8::1]", "192.0.2.1"))
                urls = f"https://{HOST}/", f"http://{HOST}/.well-known/acme-challenge/x"
                said = self.fetch(*urls, at=("192.0.2.1", "[::1]"))
                # Nothing: the connection was closed, without an answer.
                self.assertTrue(
                    "wiki" in said or re.search("duplicate (default server|listen options)", f"{said}") or said == "",
                    said,
                )

    def test_a_file_that_does_not_parse_is_named_and_nothing_is_changed(self):
        self.put(OWN, "server {\n  lisen 80;\n}\n")
        os.unlink(paths.on_host("/etc/nginx/bbb-cluster/name.conf"))
        message = self.refused("x")
        self.assertRegex(message, f'^nginx does not accept its configuration: .*unknown directive "lisen" in {OWN}:2')

    def test_what_nginx_says_twice_is_the_same_twice(self):
        self.put(OWN, "server {\n  lisen 80;\n}\n")
        (finding,) = drift()["findings"]
        self.assertRegex(finding["found"], r'^nginx: \[emerg\] unknown directive "lisen" in ')


if __name__ == "__main__":
    unittest.main()
