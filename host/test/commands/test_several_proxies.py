import os
import unittest

import support  # noqa: F401
from bbb_cluster.system import paths
from bbb_cluster.tls import certificate
from commands import test_configure_proxy
from programs import configure_proxy
from support import Machine

OWN = "bbb-proxy-02.example.com"
DRAIN = "bbb-cluster-drain.service"
UNIT = {"path": f"/etc/systemd/system/{DRAIN}", "content": ["[Unit]"], "restart": ["daemon-reload", DRAIN]}


def request(**changes):
    """A request to a proxy that is not the only one."""
    one = test_configure_proxy.request()
    return {**one, "names": [OWN], "files": [*one["files"], UNIT], **changes}


class SeveralProxies(Machine):
    certbot = test_configure_proxy.Proxy.certbot

    def setUp(self):
        super().setUp()
        self.reached_after = 0.0
        self.on("^certbot", self.certbot)
        self.on("^curl .*acme-challenge", self.challenge_of)
        self.on("subjectAltName", f"    DNS:bbb.example.com, DNS:{OWN}\n")

    def challenge_of(self, command):
        """What the challenge's address says; by the name alone, which the load balancer leads here after a while."""
        folder = paths.on_host(f"{certificate.WEBROOT}{certificate.CHALLENGES}")
        away = "--connect-to" not in command and self.time < self.reached_after
        return "\n503" if away else f"{os.listdir(folder)[0]}\n200"

    def test_the_certificate_is_for_the_cluster_s_name_and_the_proxy_s_own(self):
        configure_proxy(request())
        self.assertIn(f"-d bbb.example.com,{OWN} --cert-name bbb.example.com ", self.called("^certbot certonly")[0])

    def test_nobody_is_asked_for_it_before_the_name_leads_here(self):
        self.reached_after = 20
        configure_proxy(request())
        self.assertGreaterEqual(self.time, 20)
        self.assertIn("waiting for port 80 under bbb.example.com: HTTP status 503", self.said)
        self.assertEqual(len(self.called("^certbot certonly")), 1)

    def test_whether_a_name_leads_here_is_for_the_certificate_authority_to_say_in_the_end(self):
        self.reached_after = 1000
        configure_proxy(request())
        self.assertIn("http://bbb.example.com does not lead here: HTTP status 503", self.said)
        self.assertEqual(len(self.called("^certbot certonly")), 1)

    def test_one_that_is_alone_again_gets_one_for_the_cluster_s_name(self):
        configure_proxy(request())
        self.calls = []
        configure_proxy({**test_configure_proxy.request(), "names": []})
        self.assertIn("-d bbb.example.com --cert-name", self.called("^certbot certonly")[0])

    def test_what_drains_before_nginx_stops_is_there_from_the_first_moment(self):
        configure_proxy(request())
        self.assertEqual(len(self.called(f"^systemctl restart {DRAIN}")), 1)

    def test_it_goes_without_a_drain_when_it_is_not_wanted_any_more(self):
        configure_proxy(request())
        self.calls = []
        self.on(f"^systemctl show .* {DRAIN}", "LoadState=not-found\nActiveState=active\n")
        configure_proxy({**test_configure_proxy.request(), "names": [OWN]})
        self.assertEqual(self.called(f"^systemctl (restart|stop) {DRAIN}"), [f"systemctl stop {DRAIN}"])


if __name__ == "__main__":
    unittest.main()
