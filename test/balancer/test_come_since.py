"""What a restore takes over from the database that it replaces."""

import os
import shutil
from types import SimpleNamespace
from unittest import mock

from backed_up import Machine, run
from balancers import TENANTS
from bbb_cluster.balancer import bbblb_files, bbblb_tenants
from bbb_cluster.system.failure import Failure
from recordings import formats, identity, listed, publish


class ComeSince(Machine):
    def test_what_has_come_since_to_the_new_machine_stays(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        run("backup")
        self.replace()
        publish(self.lb, self.nodes[0], identity(2), "greenlight")
        with self.assertRaisesRegex(Failure, "BBBLB has 0 meetings and 1 recordings here: `npm run restore -- --yes`"):
            self.restore()
        with self.assertRaisesRegex(Failure, "has no backup 00000000; there are: [0-9a-f]{8} of 20"):
            self.restore(replace=True, snapshot="00000000")
        self.assertEqual(self.restore(replace=True)["newer"], 1)
        self.assertEqual(listed(self.lb, "moodle")[1], [identity(1)])
        self.assertEqual(listed(self.lb, "greenlight")[1], [identity(2)])

    def test_a_format_that_has_come_since_to_a_recording_of_the_backup_stays(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        run("backup")
        publish(self.lb, self.nodes[0], identity(1), "moodle", kind="video")
        self.assertEqual(self.restore(replace=True)["newer"], 1)
        self.assertEqual(formats(self.lb, "moodle", identity(1)), ["presentation", "video"])
        self.assertEqual([self.played(1, kind) for kind in ("presentation", "video")], [200, 200])

    def test_a_tenant_that_has_come_and_gone_since_finds_its_recordings_when_it_comes_back(self):
        self.lb.sql("DELETE FROM tenants WHERE name = 'greenlight'")
        run("backup")
        self.replace()
        publish(self.lb, self.nodes[0], identity(2), "greenlight")
        self.have_tenants("moodle")
        self.restore(replace=True)
        self.have_tenants("moodle", "greenlight")
        self.assertEqual(listed(self.lb, "greenlight")[1], [identity(2)])

    def have_tenants(self, *names):
        """As `pulumi up` does."""
        tenants = [bbblb_tenants.Tenant(name, TENANTS[name]) for name in names]
        secrets = {name: f"{name}-secret" for name in names}
        bbblb_tenants.converge(tenants, secrets)
        bbblb_tenants.wait_until_served(tenants, secrets)

    def test_what_has_no_room_beside_the_database_is_not_begun_and_what_is_here_needs_none(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        with open(f"{self.lb.folder}/recordings/storage/moodle/{identity(1)}/presentation/film", "wb") as film:
            film.write(bytes(3_000_000))
        run("backup")
        free = SimpleNamespace(free=bbblb_files.RESERVE_BYTES + 2_000_000)
        with mock.patch.object(shutil, "disk_usage", lambda _path: free):
            self.restore(replace=True)
            self.replace()
            self.said.clear()
            with self.assertRaisesRegex(Failure, "brings 0.0 GB .* of 1.1 GB that are free .* by 1, then"):
                self.restore()
            self.assertEqual([line for line in self.said if "bringing back" in line], [])
            self.assertEqual(os.listdir(f"{self.lb.folder}/recordings/storage"), [])
        self.restore()
        self.assertEqual(self.played(1), 200)

    def test_a_node_that_has_gone_since_goes_and_one_that_is_silent_keeps_its_rooms(self):
        self.assertTrue(self.lb.create("moodle", "room"))
        home = self.node_of("room")
        run("backup")
        self.replace()
        (node,) = (node for node in self.nodes if node.domain == home)
        node.fail("gone")
        done = self.restore()
        self.assertEqual((done["silent"], self.node_of("room")), ([home], home))
        del self.names[home.partition(".")[0]]
        self.restore(replace=True)
        self.assertEqual(self.lb.sql(f"SELECT domain = '{home}' FROM servers"), "f")
        self.assertEqual(self.lb.sql("SELECT count(*) FROM meetings"), "0")

    def test_who_is_to_be_called_about_a_room_that_has_begun_since_is_called(self):
        run("backup")
        url = "https://moodle.example.com/"
        self.assertTrue(self.lb.create("moodle", "since", meetingEndedURL=url))
        for _ in range(2):
            self.restore(replace=True)
            self.assertEqual(self.lb.sql("SELECT forward FROM callbacks JOIN meetings USING (uuid)"), url)

    def test_rooms_that_began_since_on_a_node_that_is_silent_now_stay_there(self):
        run("backup")
        self.replace()
        self.assertTrue(self.lb.create("moodle", "since"))
        home = self.node_of("since")
        (node,) = (node for node in self.nodes if node.domain == home)
        node.fail("error 500")
        done = self.restore()
        node.fail("")
        self.assertEqual((done["silent"], done["rooms"], self.node_of("since")), ([home], 0, home))
        self.assertTrue(self.lb.create("moodle", "since"))
        self.assertEqual(sum(len(node.meetings) for node in self.nodes), 1)
