"""A node with recordings, its redis, and a BBBLB that takes them."""

import json
import re

from bbb_cluster.bigbluebutton.recordings import STATUS
from bbb_cluster.bigbluebutton.unfinished import RAW, STEPS
from bbb_cluster.recordings import destination
from support import Machine, Result

HOST = "bbb-lb.example.com"
TO_BBBLB = destination.Destination("bbblb", HOST)
STEPS_TEXT = """\
steps:
  archive: "sanity"
  sanity: "captions"
  captions:
    - "process:presentation"
    - "process:video"
  "process:presentation": "publish:presentation"
  "process:video": "publish:video"
"""


def identity(number):
    """The id of a recording, and of its meeting."""
    return f"{number:040x}-{1790000000000 + number}"


def listed(*ids):
    """What getMeetings says of meetings with these internal ids, in which somebody is."""
    each = "".join(
        f"<meeting><meetingID>m</meetingID><internalMeetingID>{one}</internalMeetingID>"
        "<participantCount>1</participantCount></meeting>"
        for one in ids
    )
    return f"<response><returncode>SUCCESS</returncode><meetings>{each}</meetings></response>\n200"


class Recorded(Machine):
    """`queued` are jobs that wait, `job` is the one that is being done, `events` the meetings that redis knows."""

    def setUp(self):
        super().setUp()
        self.put(STEPS[0], STEPS_TEXT)
        self.put("/proc/100/cgroup", "")
        self.queued, self.job, self.events, self.live = [], "", [], []
        worker = "bbb-01:100:rap:archive,rap:publish"
        self.on("^redis-cli --raw smembers resque:queues", "rap:archive\nrap:publish\n")
        self.on("^redis-cli --raw smembers resque:workers", f"{worker}\nbbb-01:99:rap:archive\n")
        self.on("^redis-cli --raw llen .*archive", lambda _c: f"{len(self.queued)}\n")
        self.on("^redis-cli --raw lrange .*archive", lambda _c: "\n".join(self.queued))
        self.on(f"^redis-cli --raw exists resque:worker:{worker}", lambda _c: f"{int(bool(self.job))}\n")
        self.on(f"^redis-cli --raw get resque:worker:{worker}", lambda _c: self.job)
        scanned = "^redis-cli --raw --scan --pattern meeting:info:"
        self.on(scanned, lambda _c: "".join(f"meeting:info:{one}\n" for one in self.events))
        self.on("^curl .*getMeetings", lambda _c: listed(*self.live))

    def flag(self, step, name):
        self.put(f"{STATUS}/{step}/{name}", "")

    def record(self, number, formats=("presentation", "video"), state="published", tenant="moodle"):
        """A recording that is done, with its flags."""
        record = identity(number)
        self.put(f"{RAW}/{record}/events.xml", "<recording/>")
        meta = f"<meta><bbblb-tenant>{tenant}</bbblb-tenant></meta>" if tenant else "<meta/>"
        for name in formats:
            folder = f"/var/bigbluebutton/{state}/{name}/{record}"
            self.put(f"{folder}/metadata.xml", f"<recording><id>{record}</id>{meta}</recording>")
            self.flag("published", f"{record}-{name}.done")
        return record


class Takes(Recorded):
    """
    `accepted` are uploads, `there` is what its tenant finds, `played` what can be fetched besides; `hidden` is what
    only a node is told of.
    """

    def setUp(self):
        super().setUp()
        self.accepted, self.there, self.played, self.hidden = [], set(), set(), set()
        self.status, self.imports, self.database = "202", True, ""
        self.answer = ""
        destination.keep(TO_BBBLB)
        self.on("^curl .*/playback/", lambda command: self.fetched(command))
        self.on("^curl .*/recording/imported/", lambda command: self.told(command))
        self.on("^bash .*recording/upload", lambda command: self.upload(command))

    def fetched(self, command):
        name, record = re.search(r"/playback/(\w+)/([\w-]+)/metadata.xml", command).groups()
        found = (record, name) in self.there | self.played
        return f"<recording><id>{record}</id></recording>\n200" if found else "\n404"

    def told(self, command):
        if command.endswith("/imported/database"):
            return json.dumps({"database": self.database}) + "\n200"
        record, name = re.search(r"/imported/([\w-]+)/(\w+)", command).groups()
        if (record, name) not in self.there | self.hidden:
            return "{}\n404"
        return json.dumps({"imported": True, "played": (record, name) in self.there}) + "\n200"

    def upload(self, command):
        if self.status != "202":
            return Result(0 if self.status[0] != "0" else 7, f"{self.answer}\n{self.status}", "curl: (7) refused")
        name, record = re.search(r" upload \S+/published (\w+)/([\w-]+) ", command).groups()
        self.accepted.append((record, name))
        if self.imports:
            self.there.add((record, name))
        return "202"
