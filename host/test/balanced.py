"""A proxy with a Scalelite beside it."""

import json
from unittest import mock

from bbb_cluster.balancer import members
from bbb_cluster.balancer.scalelite import Scalelite
from bbb_cluster.system import clock, curl, processes
from scalelite_server import SECRET, ScaleliteServer
from support import Machine

ONE, TWO = "bbb-01.example.com", "bbb-02.example.com"
NODE_SECRET = "n0des3cret"
NODE = "bbb-01"
RECORD = "/var/lib/bbb-cluster/members/bbb-01.json"


def api(host):
    """URL of a node's API."""
    return f"https://{host}/bigbluebutton/api"


class Balanced(Machine):
    """A Machine that reaches the Scalelite `there`: without a network, or as it is, by the `real_curl`."""

    real_curl = False

    def setUp(self):
        super().setUp()
        self.there = ScaleliteServer()
        self.addCleanup(self.there.close)
        self.balancer = Scalelite(self.there.url, SECRET)
        if not self.real_curl:
            self.patch(mock.patch.object(curl, "send", self.send))

    def send(self, url, body=None, _seconds=10, connect_to=None):
        if connect_to:
            return self.answer_of_node(url, connect_to)
        path = url[len(self.there.url) :]
        text = "" if body is None else json.dumps(body)
        status, content, *_ = self.there.answer(
            "POST" if text else "GET", path, {"Content-Type": "application/json"}, text
        )
        return curl.Answer(
            status, content if isinstance(content, str) else json.dumps(content), f"HTTP status {status}"
        )

    def run_program(self, argv, timeout_seconds, environment):
        if self.real_curl and argv[0] == "curl":
            self.calls.append(" ".join(argv))
            return processes.execute(argv, timeout_seconds, environment)
        return super().run_program(argv, timeout_seconds, environment)

    def states(self):
        """State by host's first label."""
        return {server["url"].split("/")[2].split(".")[0]: server["state"] for server in self.there.servers.values()}

    def changes(self):
        """What was changed at Scalelite since the last question."""
        found = self.there.actions()
        self.there.asked = []
        return [f"{action} {body.get('server', {}).get('state', '')}".strip() for action, body in found]


class Members(Balanced):
    """A node bbb-01 beside an enabled bbb-02, which is there; at ten o'clock and some minutes."""

    minute = 0

    def setUp(self):
        super().setUp()
        self.there.put(TWO)
        self.patch(mock.patch.object(clock, "stamp", lambda: f"2026-11-24T10:{self.minute:02}:00Z"))

    def join(self, closed_because=""):
        return members.join(self.balancer, NODE, api(ONE), NODE_SECRET, 1.0, closed_because)

    def hold(self, by="hand", reason="new disk"):
        return members.hold(self.balancer, NODE, by, reason)

    def release(self, by="hand"):
        return members.release(self.balancer, NODE, by)

    def leave(self, found=""):
        members.leave(self.balancer, NODE, api(ONE), lambda: found)

    def closed(self):
        return members.why_closed(self.balancer, NODE, api(ONE))

    def state(self):
        return self.states().get(NODE)

    def server(self):
        return next(server for server in self.there.servers.values() if server["url"] == api(ONE))

    def unreachable(self, *actions):
        self.there.canned = dict.fromkeys(actions, (502, "<html>Bad Gateway</html>"))

    def lost_answer(self, action):
        self.there.after = {action: (502, "<html>Bad Gateway</html>")}
