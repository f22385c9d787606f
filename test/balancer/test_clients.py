"""Libraries that others use ask for meetings, through nginx, as they are published."""

import json
import os
import subprocess

from balancers import TENANTS
from faults import Rig
from front import CERTIFICATE, Fronted

CLIENTS = {
    "bigbluebutton-js": ["/usr/local/bin/node", "/repository/test/balancer/clients/ask.cjs"],
    "bigbluebutton-api-python": ["/opt/clients/bin/python", "/repository/test/balancer/clients/ask.py"],
}


class Client:
    """A library, in the hands of a tenant."""

    def __init__(self, name, tenant):
        self._command = CLIENTS[name]
        trust = {"NODE_EXTRA_CA_CERTS": CERTIFICATE, "SSL_CERT_FILE": CERTIFICATE}
        host = TENANTS[tenant]
        api = {"BBB_URL": f"https://{host}/bigbluebutton/api/", "BBB_SECRET": f"{tenant}-secret"}
        self._environment = {**os.environ, **trust, **api}

    def __call__(self, *step):
        done = subprocess.run([*self._command, *step], env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(step)}: {done.stderr}"
        return json.loads(done.stdout)


class Clients(Rig):
    def test_create_join_list_and_end_meetings(self):
        balancer, found = self.balancer(kind=Fronted)
        for name in CLIENTS:
            with self.subTest(name):
                ask = Client(name, "moodle")
                for room in ("algebra", "botany"):
                    self.assertEqual(ask("create", room), {"id": room, "moderator": "mp"})
                self.assertEqual(ask("list"), ["algebra", "botany"])
                self.assertEqual(Client(name, "greenlight")("create", "algebra")["id"], "algebra")
                for room in ("algebra", "botany"):
                    node = balancer.home(found, "moodle", room)
                    end = f"https://bbb.example.com/{node.domain[:6]}/html5client/?sessionToken=x"
                    self.assertEqual(balancer.followed(ask("join", room)), end)
                    self.assertEqual(ask("end", room), "SUCCESS")
                self.assertEqual(
                    [list(node.meetings) for node in found if node.meetings], [["algebra-bbblb-greenlight"]]
                )
                self.assertEqual(Client(name, "greenlight")("end", "algebra"), "SUCCESS")
