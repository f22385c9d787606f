"""A node in the cluster on which meetings run."""

import fixtures
from bbb_cluster.bigbluebutton import closed_site, cordons, pending
from bbb_cluster.bigbluebutton.admission import Admission
from cluster_node import Node
from programs import configure_node


def answer(found):
    """What getMeetings says; a meeting is (id, people) or (id, people, elements)."""
    meeting = "<meeting><meetingID>{}</meetingID><participantCount>{}</participantCount>{}</meeting>"
    inside = "".join(meeting.format(*one, *[""] * (3 - len(one))) for one in found)
    key = "" if found else "<messageKey>noMeetings</messageKey>"
    return f"<response><returncode>SUCCESS</returncode><meetings>{inside}</meetings>{key}</response>\n200"


def manifest(changed=4, **more):
    """A later request, in which one file differs."""
    wanted = fixtures.files()
    if "set" in wanted[changed]:
        wanted[changed]["set"] = dict.fromkeys(wanted[changed]["set"], "other")
    else:
        wanted[changed]["content"] = ["# other"]
    return fixtures.manifest(wanted, restart="whenEmpty", **more)


class Busy(Node):
    """A node in the cluster, with meetings that end at given times."""

    def setUp(self):
        super().setUp()
        self.meetings = list
        self.on("^curl .*getMeetings", lambda _c: answer(self.meetings()))
        self.on(
            "^curl .*/create[?]", lambda _c: "nodeClosed\n200" if self.get(closed_site.CONF) else "checksumError\n200"
        )
        configure_node(fixtures.manifest())
        self.current, self.calls, self.said = self.everything(), [], []
        self.time = 0

    def may_be_created(self, meeting_id):
        """Whether nginx would be told to let a `create` of that meeting through."""
        return Admission().may_begin({meeting_id})

    def is_open(self):
        return self.get(closed_site.CONF) is None and self.get(cordons.DEFINITION) is None

    def is_kept(self, what):
        """Whether nothing but our own notes has changed, and the change is kept as that."""
        self.assertEqual((self.everything(), self.is_open()), (self.current, True))
        self.assertEqual(self.called("systemctl restart bbb|--only-upgrade|^systemd-run"), [])
        self.assertEqual(pending.summary()["what"], [what])
