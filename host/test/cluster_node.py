"""A machine with BigBlueButton on it, not yet in cluster mode."""

from unittest import mock

import fixtures
from bbb_cluster.settings import records
from bbb_cluster.system import apt
from bbb_cluster.updates import schedule
from fixtures import HTML5, MAINTENANCE, PROPERTIES
from support import Machine


class Node(Machine):
    def setUp(self):
        super().setUp()
        self.put(apt.QUIET_PATH, apt.QUIET)
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.30\n")
        self.put(PROPERTIES, fixtures.PROPERTIES_TEXT, 0o640)
        self.put(HTML5, fixtures.HTML5_TEXT)
        self.put("/etc/nginx/nginx.conf", "other\n")
        self.put("/proc/1/cgroup", "0::/init.scope\n")
        schedule.put_in_place({"maintenance": MAINTENANCE}, schedule.NODE, [], mock.Mock())
        self.before, self.calls, self.said = self.everything(), [], []
        self.recorded = self.get(records.RECORDS)

    def restarts(self):
        """The calls that restart or reload something."""
        return self.called("restart|reload")
