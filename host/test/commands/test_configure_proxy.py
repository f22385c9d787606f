import datetime
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import clock
from bbb_cluster.tls import certificate
from programs import configure_proxy, digest_of
from support import Machine, Result

CONF = "/etc/nginx/conf.d/bbb-cluster.conf"
LIVE = "/etc/letsencrypt/live/bbb.example.com/fullchain.pem"
RENEWAL = "/etc/letsencrypt/renewal/bbb.example.com.conf"


def request(content="server {}", **changes):
    """A request to configure."""
    file = {"path": CONF, "content": [content], "restart": ["nginx"], "needsCertificate": True}
    wanted = {"hostname": "bbb.example.com", "addresses": [], "email": "a@example.com"}
    return {
        **wanted,
        "acmeDirectory": None,
        "caCertificates": [],
        "maintenance": "02:00-05:00 Europe/Berlin",
        "repair": "",
        "files": [file],
        **changes,
    }


class Proxy(Machine):
    def setUp(self):
        super().setUp()
        self.on("^certbot", self.certbot)

    def certbot(self, command):
        self.challenge = self.get(certificate.CHALLENGE)
        self.asked_before_conf = self.get(CONF) is None
        server = command.split("--server ")[1].split()[0]
        self.put(LIVE, "pem")
        self.put(LIVE.replace("fullchain", "privkey"), "pem")
        self.put(RENEWAL, f"version = 2\n[renewalparams]\nserver = {server}\n")
        return ""

    def test_the_certificate_is_there_before_the_configuration_that_needs_it(self):
        result = configure_proxy(request())
        expected = {"request": digest_of(request()), "hostname": "bbb.example.com"}
        self.assertEqual(result, {**expected, "changed": [CONF], "restarted": ["nginx"]})
        self.assertIn(b"listen 80;", self.challenge)
        self.assertTrue(self.asked_before_conf)
        self.assertIsNone(self.get(certificate.CHALLENGE))
        self.assertEqual(self.get(CONF), b"server {}\n")
        self.assertEqual(self.mode(certificate.HOOK), 0o755)
        self.assertIn("systemctl enable --now certbot.timer", self.calls)

    def test_a_second_run_changes_nothing(self):
        configure_proxy(request())
        current, self.calls = self.everything(""), []
        self.assertEqual(configure_proxy(request())["changed"], [])
        self.assertEqual(self.everything(""), current)
        self.assertEqual(self.called("certbot certonly|reload|apt-get"), [])

    def test_missing_packages_are_installed(self):
        self.on("dpkg-query", "", 1)
        configure_proxy(request())
        self.assertEqual(len(self.called("apt-get .* install .*nginx certbot curl")), 1)

    def test_a_refusal_of_nginx_names_file_and_line(self):
        said = 'nginx: [warn] x\nnginx: [emerg] unknown directive "bad" in /etc/nginx/x.conf:3\n'
        configure_proxy(request())
        self.on("nginx -t", Result(1, "", said + "nginx: configuration file /etc/nginx/nginx.conf test failed\n"))
        message = self.fails(configure_proxy, request("bad"))
        self.assertIn('configuration: nginx: [emerg] unknown directive "bad" in /etc/nginx/x.conf:3. The', message)

    def test_a_configuration_that_nginx_refuses_is_rolled_back(self):
        configure_proxy(request())
        self.calls = []
        self.on("nginx -t", lambda _c: Result(1, "", "nginx: [emerg] no") if b"bad" in self.get(CONF) else "")
        message = self.fails(configure_proxy, request("bad"))
        self.assertIn("nginx: [emerg] no. The previous files are back", message)
        self.assertEqual(self.get(CONF), b"server {}\n")
        self.assertEqual(self.called("reload"), [])

    def test_a_reload_that_went_wrong_in_silence_is_noticed(self):
        configure_proxy(request())
        self.calls = []
        self.on("pgrep", lambda _c: "101\n" if b"bad" in self.get(CONF) else f"2{len(self.calls)}\n")
        message = self.fails(configure_proxy, request("bad"))
        self.assertIn("nginx keeps its old configuration: the end of /var/log/nginx/error.log says why", message)
        self.assertIn("in force again (nginx)", message)
        self.assertEqual((self.get(CONF), len(self.called("reload-or-restart"))), (b"server {}\n", 2))

    def test_a_refused_certificate_says_why_and_what_to_do(self):
        detail = "  Domain: bbb.example.com\n  Type: dns\n  Detail: DNS problem: NXDOMAIN looking up A\n"
        self.on("^certbot", Result(1, detail, "Some challenges have failed."))
        message = self.fails(configure_proxy, request())
        self.assertIn(
            "no certificate for bbb.example.com: Detail: DNS problem: NXDOMAIN looking up A; the name's", message
        )
        self.assertEqual((self.get(CONF), self.get(certificate.CHALLENGE)), (None, None))

    def test_a_certbot_that_runs_already_is_waited_for_and_named_when_it_does_not_end(self):
        text = "Another instance of Certbot is already running.\nAsk for help or search for solutions at https://community.letsencrypt.org."
        busy = Result(1, "", text)
        self.on("^certbot", lambda command: busy if self.time < 60 else self.certbot(command))
        configure_proxy(request())
        self.assertEqual((self.time, self.get(CONF)), (60, b"server {}\n"))
        self.on("^certbot", busy)
        message = self.fails(configure_proxy, request(acmeDirectory="https://staging.example.com/dir"))
        said = "another certbot runs on this machine: let it end, then run again"
        self.assertEqual(message, f"no certificate for bbb.example.com: {said}")

    def test_after_a_rate_limit_nothing_is_asked_before_the_time_that_the_ca_named(self):
        limit = "too many certificates (5) already issued, retry after 2026-11-27 10:00:00 UTC"
        self.on("^certbot", Result(1, f"An unexpected error occurred:\n{limit}\nAsk for help\n", ""))
        time = mock.patch.object(clock, "utc", lambda: datetime.datetime(2026, 11, 26))
        self.patch(time)
        self.assertIn(f"{limit}; nothing is asked again before", self.fails(configure_proxy, request()))
        self.calls = []
        message = self.fails(configure_proxy, request(repair="x"))
        expected = f"no certificate for bbb.example.com: {limit}; nothing is asked before 2026-11-27 10:00 UTC"
        self.assertEqual((message, self.called("^certbot")), (expected, []))

    def test_another_acme_server_gives_a_new_certificate(self):
        configure_proxy(request(acmeDirectory="https://staging.example.com/dir"))
        configure_proxy(request())
        asked = self.called("^certbot")
        self.assertIn("--server https://staging.example.com/dir --keep-until-expiring", asked[0])
        self.assertIn("--server https://acme-v02.api.letsencrypt.org/directory --force-renewal", asked[1])

    def test_a_certificate_near_its_end_is_renewed(self):
        configure_proxy(request())
        self.on("openssl x509 .*-checkend", "", 1)
        configure_proxy(request())
        self.assertEqual(len(self.called("^certbot")), 2)

    def test_a_run_killed_between_file_and_reload_is_completed(self):
        def kill(_command):
            raise SystemExit(137)

        configure_proxy(request())
        self.on("reload-or-restart", kill)
        with self.assertRaises(SystemExit):
            configure_proxy(request("new"))
        self.on("reload-or-restart", "")
        self.calls = []
        configure_proxy(request("new"))
        self.assertEqual((self.get(CONF), len(self.called("reload-or-restart"))), (b"new\n", 1))


if __name__ == "__main__":
    unittest.main()
