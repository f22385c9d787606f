import hashlib
import json
import unittest
from unittest import mock

from balancer_machine import CONF, FINE, SERVICE, VENV, BalancerMachine, request, secrets, tenants

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_secrets, bbblb_service
from programs import configure_balancer, digest_of, keep_balancer_secrets
from support import Machine, Result


class Balancer(BalancerMachine):
    def test_everything_is_in_force_in_the_end(self):
        self.known = ["moodle"]
        result = configure_balancer(request())
        self.assertEqual((result["request"], result["hostname"]), (digest_of(request()), "lb.example.com"))
        self.assertEqual(result["restarted"], ["nginx", "daemon-reload", "bbblb"])
        self.assertLessEqual({CONF, SERVICE, "tenant moodle"}, set(result["changed"]))
        self.assertIn("-d lb.example.com,moodle.example.com --cert-name lb.example.com", self.called("^certbot")[0])
        self.assertIn("systemctl enable --now bbblb.socket", self.calls)
        self.assertIn("systemctl restart bbblb", self.calls)
        self.assertIn(f"ExecStart={VENV}/bin/uvicorn --fd 3 --no-access-log bbblb_guard:app\n", self.text(SERVICE))

    def test_a_second_run_changes_nothing(self):
        configure_balancer(request())
        self.on("^id -u", "999")
        current, self.calls = self.everything(""), []
        self.assertEqual(configure_balancer(request())["changed"], [])
        self.assertEqual(self.everything(""), current)
        self.assertEqual(self.called("certbot certonly|reload|restart bbblb|apt-get|/pip|-m venv|create|useradd"), [])
        self.assertEqual(self.findings(), [])

    def test_its_secrets_are_nobodys_but_its_own(self):
        configure_balancer(request())
        self.assertEqual(self.text(bbblb_service.SECRET), "BBBLB_SECRET=secret-of-the-balancer\n")
        holding = [path for path, (content, _) in self.everything("").items() if b"secret-of-" in content]
        self.assertEqual(sorted(holding), sorted([bbblb_service.SECRET, bbblb_secrets.KEPT]))
        self.assertEqual({self.mode(path) for path in holding}, {0o600})
        self.assertEqual([said for said in [*self.calls, *self.said] if "secret-of-" in said], [])

    def test_tenants_reach_the_database_in_no_argument_and_in_no_statement(self):
        configure_balancer(request())
        (told,) = [(given, env) for call, given, env in self.inputs if "--dbname bbblb " in call]
        expected = [{"name": "moodle", "host": "moodle.example.com", "secret": "secret-of-moodle"}]
        self.assertEqual(json.loads(told[1]["BBB_CLUSTER_GIVEN"]), expected)
        self.assertNotIn("secret-of-moodle", told[0])

    def test_every_tenant_is_asked_for_by_its_name_and_secret(self):
        configure_balancer(request())
        checksum = hashlib.sha256(b"getRecordingsrecordID=nonesecret-of-moodle").hexdigest()
        asked = [given for call, given, _ in self.inputs if "Host: moodle.example.com" in call]
        self.assertIn(f"recordID=none&checksum={checksum}", asked[-1])
        refused = FINE.replace("SUCCESS", "FAILED")
        self.on("Host: moodle.example.com", refused)
        message = self.fails(configure_balancer, request("new"))
        self.assertIn("BBBLB does not serve the tenant moodle at moodle.example.com (HTTP status 200)", message)

    def test_a_tenant_that_comes_gets_a_certificate_and_one_that_goes_leaves_it(self):
        configure_balancer(request())
        keep_balancer_secrets(secrets("2", nextcloud="secret-of-nextcloud"))
        for names, asked in ((["moodle", "nextcloud"], 2), (["moodle"], 3), (["moodle"], 3)):
            configure_balancer(request(tenants=tenants(*names), secrets="2"))
            self.assertEqual(len(self.called("^certbot certonly")), asked)
        wanted = "-d lb.example.com,moodle.example.com --cert-name lb.example.com"
        self.assertIn(wanted, self.called("^certbot")[-1])
        self.assertIn("--renew-with-new-domains", self.called("^certbot")[-1])

    def test_another_secret_restarts_it(self):
        configure_balancer(request())
        keep_balancer_secrets(secrets("2", "another-secret-of-its-own"))
        self.calls = []
        self.assertEqual(configure_balancer(request(secrets="2"))["changed"], [bbblb_service.SECRET])
        self.assertEqual(len(self.called("systemctl restart bbblb")), 1)

    def test_secrets_of_another_request_are_not_used(self):
        for wanted in (request(secrets="2"), request(tenants=tenants("moodle", "nextcloud"))):
            message = self.fails(configure_balancer, wanted)
            self.assertEqual(
                message,
                f"{bbblb_secrets.KEPT} does not hold the secrets that are wanted: run `npm run drift`, then "
                "`pulumi up`",
            )

    def test_another_version_is_another_folder_and_a_failure_leaves_the_old_one_in_force(self):
        configure_balancer(request())
        before = self.text(SERVICE)
        self.on("systemctl restart bbblb", lambda _c: "" if self.text(SERVICE) == before else Result(1, "", "no"))
        newer = request(requirements=["bbblb==0.0.19 --hash=sha256:cc"])
        self.assertIn("bbblb does not start", self.fails(configure_balancer, newer))
        self.assertEqual(self.text(SERVICE), before)
        self.assertIsNotNone(self.get(f"{VENV}/complete"))
        self.on("systemctl restart bbblb", "")
        configure_balancer(newer)
        self.assertNotEqual(self.text(SERVICE), before)
        self.assertIsNone(self.get(f"{VENV}/complete"))

    def test_one_that_does_not_answer_is_rolled_back(self):
        configure_balancer(request())
        keep_balancer_secrets(secrets("2", "another-secret-of-its-own"))
        was = self.text(bbblb_service.SECRET)
        self.on("--unix-socket", lambda _c: FINE if self.text(bbblb_service.SECRET) == was else Result(7))
        message = self.fails(configure_balancer, request(secrets="2"))
        self.assertIn("BBBLB does not answer (no answer): `journalctl -u bbblb` says why. The previous files", message)
        self.assertEqual(self.text(bbblb_service.SECRET), was)

    def test_what_pip_says_is_told(self):
        self.on("bin/pip install", Result(1, "", "ERROR: Could not find a version\n"))
        message = self.fails(configure_balancer, request())
        self.assertIn("BBBLB cannot be installed from PyPI: ERROR: Could not find a version; where", message)
        self.assertIsNone(self.get(SERVICE))

    def test_an_older_debian_is_refused(self):
        self.patch(mock.patch.object(bbblb_service, "PYTHON", (3, 11)))
        message = self.fails(configure_balancer, request())
        self.assertIn("BBBLB needs Python 3.13, which Debian 13 has, got 3.11: set `balancerImage`", message)

    def test_one_that_was_stopped_is_found(self):
        configure_balancer(request())
        self.on("systemctl show .* bbblb$", "LoadState=loaded\nActiveState=failed\n")
        self.assertEqual([finding["state"] for finding in self.findings()], ["stopped"])


class Secrets(Machine):
    def test_stay_as_they_are_when_they_are_the_same(self):
        answers = [keep_balancer_secrets(secrets()) for _ in range(2)]
        self.assertEqual(answers, [{"digest": "1", "changed": True}, {"digest": "1", "changed": False}])

    def test_have_to_be_strong_and_different(self):
        message = self.fails(keep_balancer_secrets, secrets(nextcloud="short"))
        self.assertIn("the secret of `nextcloud` must have 8 or more letters", message)
        message = self.fails(keep_balancer_secrets, secrets(nextcloud="secret-of-moodle"))
        self.assertEqual(message, "two tenants have the same secret: BBBLB tells them apart by it")


if __name__ == "__main__":
    unittest.main()
