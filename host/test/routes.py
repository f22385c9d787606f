"""A proxy with a route to a node that is healthy or not."""

import json
import re

from programs import add_route
from support import Machine, Result

UPSTREAM = "/etc/nginx/bbb-cluster/upstreams/bbb-01.conf"
CONF = "/etc/nginx/bbb-cluster/routes/bbb-01.conf"
OWNER = "/var/lib/bbb-cluster/routes/bbb-01.json"
STATE_LOCK = "/var/lib/bbb-cluster/lock"


def request(**changes):
    """A request to add or remove a route."""
    wanted = {
        "node": "bbb-01",
        "nodeHostname": "bbb-01.example.com",
        "nodeAddress": "10.0.1.11",
        "nodeServerId": "42",
        "proxyServerId": "17",
        "proxyHostname": "bbb.example.com",
        "client": "static",
        "repair": "",
    }
    return {**wanted, **changes}


class Routes(Machine):
    def setUp(self):
        super().setUp()
        self.healthy, self.loaded = True, False
        self.on("^curl .*--connect-to bbb-01", self.node)
        self.on("^curl .*--connect-to bbb.example", self.front)
        self.on("systemctl reload-or-restart nginx", self.reload)

    def reload(self, _command):
        self.loaded = self.get(CONF) is not None
        return ""

    def node(self, command):
        return self.page(command) if self.healthy else Result(7, "", "curl: (7) Failed to connect\n")

    def front(self, command):
        return self.page(command) if self.loaded else "gone\n404"

    def page(self, command):
        (node,) = set(re.findall(r"bbb-\d\d", command))
        body = json.dumps({"response": {"graphqlWebsocketUrl": f"wss://{node}.example.com/graphql"}})
        return f"{body}\n200" if command.endswith("/api") else "<html>\n200"

    def reloads(self):
        return len(self.called("reload-or-restart"))

    def killed_at(self, command, wanted, program=add_route):
        """A run that is killed when it comes to a command."""

        def kill(_command):
            raise SystemExit(137)

        self.on(command, kill)
        with self.assertRaises(SystemExit):
            program(wanted)
        self.on("systemctl reload-or-restart nginx", self.reload)
        self.on("^curl .*--connect-to bbb.example", self.front)
