"""A node in the cluster on which meetings run."""

import os
import socket
from urllib.parse import quote

import fixtures
from bbb_cluster.bigbluebutton import drain
from bbb_cluster.system import paths
from cluster_node import Node
from programs import configure_node


def answer(found):
    """What getMeetings says; a meeting is (id, people) or (id, people, elements)."""
    meeting = "<meeting><meetingID>{}</meetingID><participantCount>{}</participantCount>{}</meeting>"
    inside = "".join(meeting.format(*one, *[""] * (3 - len(one))) for one in found)
    key = "" if found else "<messageKey>noMeetings</messageKey>"
    return f"<response><returncode>SUCCESS</returncode><meetings>{inside}</meetings>{key}</response>\n200"


def manifest(changed=4, **policy):
    """A later request, in which one file differs."""
    wanted = fixtures.files()
    if "set" in wanted[changed]:
        wanted[changed]["set"] = dict.fromkeys(wanted[changed]["set"], "other")
    else:
        wanted[changed]["content"] = ["# other"]
    return fixtures.manifest(wanted, restart={"when": "whenEmpty", "timeoutMinutes": 60, **policy})


class Busy(Node):
    """A node in the cluster, with meetings that end at given times."""

    def setUp(self):
        super().setUp()
        self.meetings = list
        self.on("^curl .*getMeetings", lambda _c: answer(self.meetings()))
        self.on("^curl .*/create[?]", lambda _c: "nodeClosed\n200" if self.get(drain.CONF) else "checksumError\n200")
        configure_node(fixtures.manifest())
        self.current, self.calls, self.said = self.everything("/var/lib/bbb-cluster/lock"), [], []
        self.time = 0

    def may_be_created(self, meeting_id):
        """Whether nginx would be told to let a `create` of that meeting through."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(paths.on_host(drain.SOCKET))
            asking.sendall(f"GET /?meetingID={quote(meeting_id)} HTTP/1.0\r\n\r\n".encode())
            return b"X-Accel-Redirect: " in asking.makefile("rb").read()

    def is_open(self):
        return self.get(drain.CONF) is None and not os.path.exists(paths.on_host(drain.FOLDER))
