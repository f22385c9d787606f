"""A machine with the real BBBLB that is restored from backups of the real restic alone."""

import os
import re
from unittest import mock

from backed_up import Machine, run
from bbb_cluster.balancer import bbblb, members
from bbb_cluster.system import processes
from bbb_cluster.system.failure import Failure
from faults import fill
from handing_over import HandingOver
from recordings import identity, listed, publish


class Restored(Machine):
    def test_a_new_machine_knows_recordings_tenants_cordons_and_running_rooms_from_the_backup_alone(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        self.assertTrue(self.lb.create("moodle", "before"))
        members.hold(self.members, "bbb-02", "hand", "a fan hums")
        before = {room: self.node_of(room) for room in ["before"]}
        run("backup")
        self.assertTrue(self.lb.create("greenlight", "since"))
        before["since"] = self.node_of("since")
        self.replace()
        self.assertEqual(listed(self.lb, "moodle")[1], [])
        done = self.restore()
        self.assertEqual(listed(self.lb, "moodle")[1], [identity(1)])
        self.assertEqual(self.lb.ask(f"/playback/presentation/{identity(1)}/metadata.xml", "lb.example.com")[0], 200)
        self.assertIn("cordoned by hand since", self.closed("bbb-02"))
        self.assertEqual(self.closed("bbb-01"), "")
        self.assertEqual({room: self.node_of(room) for room in before}, before)
        for tenant, room in (("moodle", "before"), ("greenlight", "since")):
            self.assertTrue(self.lb.create(tenant, room))
        self.assertEqual(sum(len(node.meetings) for node in self.nodes), 2)
        told = {name: done[name] for name in ("tenants", "nodes", "rooms", "recordings", "unknown", "silent")}
        expected = {"tenants": ["moodle", "greenlight"], "nodes": ["bbb-01", "bbb-02"], "rooms": 2, "recordings": 1}
        self.assertEqual(told, {**expected, "unknown": [], "silent": []})
        self.assertEqual(list(done["closed"]), ["bbb-02"])

    def test_one_that_fails_or_is_killed_anywhere_leaves_bbblb_serving_as_before_and_is_repeated(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        members.hold(self.members, "bbb-02", "hand", "a fan hums")
        run("backup")
        self.replace()
        publish(self.lb, self.nodes[0], identity(2), "moodle")
        steps = (
            "restic .*restore .*/backup ",
            "restic .*restore",
            "chown",
            "pg_restore",
            "systemctl stop",
            "psql .*_restored",
        )
        for step in steps:
            for end in (SystemExit(143), Failure("there is no way to it")):
                with self.subTest(step=step), self.after(step, end), self.assertRaises(type(end)):
                    self.restore(replace=True)
                self.assertTrue(self.lb.create("moodle", "goes on"))
                self.assertEqual(listed(self.lb, "moodle")[1], [identity(2)])
                self.assertFalse(os.path.exists(f"{self.lb.folder}/restored"))
        self.restore(replace=True)
        self.assertEqual(sorted(listed(self.lb, "moodle")[1]), sorted([identity(1), identity(2)]))
        self.assertIn("a fan hums", self.closed("bbb-02"))

    def after(self, step, end):
        """Has something end the restore at a step."""
        return self.at(step, mock.Mock(side_effect=end))

    def at(self, step, what):
        def runner(argv, *rest):
            result = self.without_systemd(argv, *rest)
            if re.search(step, " ".join(argv)):
                what()
            return result

        return mock.patch.object(processes, "runner", runner)

    def test_frontends_are_served_while_it_downloads_and_no_room_of_that_time_begins_twice(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        run("backup")
        self.replace()
        rooms = []

        def served():
            rooms.append(f"room{len(rooms)}")
            self.assertTrue(self.lb.create("moodle", rooms[-1]))
            if len(rooms) == 1:
                publish(self.lb, self.nodes[0], identity(2), "moodle")

        with self.at("restic .*restore|pg_restore", served):
            self.restore()
        self.assertEqual(len(rooms), 4)
        self.assertEqual(sorted(listed(self.lb, "moodle")[1]), sorted([identity(1), identity(2)]))
        for room in rooms:
            self.assertTrue(self.lb.create("moodle", room))
        self.assertEqual(sum(len(node.meetings) for node in self.nodes), len(rooms))

    def test_what_the_database_calls_unpublished_is_played_by_nobody_and_what_it_calls_published_by_everybody(self):
        for number in (1, 2):
            publish(self.lb, self.nodes[0], identity(number), "moodle")
        self.say(1, "false")
        run("backup")
        self.say(1, "true")
        self.say(2, "false")
        self.assertEqual([self.played(number) for number in (1, 2)], [200, 404])
        self.restore(replace=True)
        self.assertEqual([self.played(number) for number in (1, 2)], [404, 200])
        self.replace()
        self.restore()
        self.assertEqual([self.played(number) for number in (1, 2)], [404, 200])
        self.say(1, "true")
        self.say(2, "false")
        self.assertEqual([self.played(number) for number in (1, 2)], [200, 404])

    def say(self, number, published):
        _, answer = self.lb.call("moodle", "publishRecordings", recordID=identity(number), publish=published)
        self.assertEqual(answer.findtext("returncode"), "SUCCESS")


class NodesThatStillHaveRecordings(Machine):
    def test_hand_over_again_what_the_backup_did_not_have(self):
        node = HandingOver(self, self.lb, self.nodes[0])
        node.publish(1)
        node.run()
        run("backup")
        node.publish(2)
        node.run()
        self.replace()
        # A machine that is to be restored is brought nothing of what its backup may have.
        self.assertEqual((node.run(), len(node.uploads)), ([], 2))
        for times in (1, 2):
            self.restore(replace=True)
            self.assertEqual(sorted(node.run()), sorted(f"{identity(number)}-presentation" for number in (1, 2)))
            self.assertEqual(len(node.uploads), 3)
            self.assertEqual(sorted(listed(self.lb, "moodle")[1]), sorted([identity(1), identity(2)]))
            self.assertEqual(node.run(), [], f"after restore {times}")

    def test_do_not_bring_back_what_was_deleted_before_the_backup(self):
        node = HandingOver(self, self.lb, self.nodes[0])
        node.publish(1)
        node.run()
        self.lb.call("moodle", "deleteRecordings", recordID=identity(1))
        run("backup")
        node.run()
        self.replace()
        self.restore()
        self.assertEqual((node.run(), len(node.uploads)), ([f"{identity(1)}-presentation"], 1))
        self.assertEqual(bbblb.Bbblb().lacks([(identity(1), "presentation")]), [])
        self.assertEqual(listed(self.lb, "moodle")[1], [])


class WithoutBackup(Machine):
    def test_rooms_that_run_stay_where_they_are_when_a_new_machine_is_told_of_their_nodes(self):
        rooms = fill(self.lb, self.nodes)
        before = {room: self.node_of(room) for room in rooms}
        self.replace()
        self.assertEqual({room: self.node_of(room) for room in rooms}, before)
        for room in rooms:
            self.assertTrue(self.lb.create("moodle", room))
        self.assertEqual(sum(len(node.meetings) for node in self.nodes), len(rooms))
