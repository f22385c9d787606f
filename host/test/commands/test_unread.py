import os
import time
import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.system import paths
from drifting_node import Drifting
from fixtures import HTML5, MIDDLEWARE
from programs import configure_node


class Unread(Drifting):
    """Units began `ago` seconds ago."""

    def began(self, unit, ago, stale="no"):
        micro = int((time.monotonic() - ago) * 1e6)
        state = "ActiveState=active\nNeedDaemonReload={}\nExecMainStartTimestampMonotonic={}\n"
        before = self.ages if hasattr(self, "ages") else {}
        self.ages = {**before, unit: state.format(stale, micro)}

        def show(command):
            units = command.split("Monotonic ")[1].split()
            return "\n".join(self.ages.get(name, "ActiveState=inactive\n") for name in units)

        self.on("systemctl show -p ActiveState,NeedDaemonReload", show)

    def test_a_file_that_is_newer_than_its_reader_is_not_yet_read(self):
        self.began("bbb-graphql-middleware", 100)
        self.began("bbb-apps-akka", -1)
        self.assertEqual(self.findings(), [{"path": MIDDLEWARE, "state": "unread", "unit": "bbb-graphql-middleware"}])
        self.assertEqual(self.said, [f"{MIDDLEWARE} is not yet read by bbb-graphql-middleware"])
        self.on("systemctl restart bbb-graphql-middleware", lambda _c: self.began("bbb-graphql-middleware", -1) or "")
        self.assertEqual(self.repairs(), ["bbb-graphql-middleware"])

    def test_a_drop_in_that_systemd_has_not_read_is_found(self):
        self.began("bbb-web", -1, stale="yes")
        self.assertEqual([finding["unit"] for finding in self.findings()], ["daemon-reload", "bbb-web"])
        self.on("systemctl daemon-reload", lambda _c: self.began("bbb-web", -1) or "")
        self.assertEqual(self.repairs(), ["daemon-reload", "bbb-web"])

    def test_what_someone_else_wrote_beside_ours_need_not_be_read(self):
        self.began("bbb-apps-akka", 100)
        self.put(HTML5, self.get(HTML5) + b"foreign: 1\n")
        self.assertEqual(self.findings(), [])

    def test_a_rolled_back_file_is_as_old_as_it_was(self):
        os.utime(paths.on_host(MIDDLEWARE), ns=(10**18, 10**18))
        wanted = fixtures.files()
        wanted[2]["set"] = {"server.authorized_cross_origin": "bad"}
        self.on("^curl", lambda _c: "bad\n500" if b"bad" in self.get(MIDDLEWARE) else "\n200")
        self.fails(configure_node, fixtures.manifest(wanted))
        self.assertEqual(os.stat(paths.on_host(MIDDLEWARE)).st_mtime_ns, 10**18)


if __name__ == "__main__":
    unittest.main()
