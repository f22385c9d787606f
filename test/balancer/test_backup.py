"""Backups of the real BBBLB by the real restic, and a machine that is restored from them alone."""

import os
import shutil
import subprocess
import time
from unittest import mock

import nodes
import postgres
from balancers import TENANTS
from bbb_cluster import __main__ as main
from bbb_cluster.backup import settings
from bbb_cluster.balancer import bbblb_service, members
from bbb_cluster.system import paths, processes, progress
from bbb_cluster.system.failure import Failure
from recordings import identity, listed, publish
from test_members import Told, url_of
from waiting import eventually

PASSWORD = "password-of-the-tests"


def run(command, **data):
    """As the host programs' entry does."""
    return main.COMMANDS[command][0](data, "")


class Machine(Told):
    """A balancer with two nodes, known as bbb-01 and bbb-02, and a repository that outlives it."""

    def setUp(self):
        self.members, self.lb, self.nodes = self.told(0)
        self.nodes = [self.node(1), self.node(2)]
        self.names = {node.domain.partition(".")[0]: url_of(node) for node in self.nodes}
        self.repository, self.said = f"/tmp/{self.lb.database}.repository", []
        self.addCleanup(shutil.rmtree, paths.STATE, True)
        self.addCleanup(shutil.rmtree, self.repository, True)
        for patcher in (
            mock.patch.object(bbblb_service, "DATA", self.lb.folder),
            mock.patch.object(bbblb_service, "SOCKET", f"/tmp/{self.lb.database}.socket"),
            mock.patch.object(bbblb_service, "restart", self.start),
            mock.patch.object(progress, "show", self.said.append),
            mock.patch.object(processes, "runner", self.without_systemd),
            mock.patch.dict(os.environ, {"CURL_CA_BUNDLE": nodes.CERTIFICATE}),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)
        self.runs = True
        self.keep()
        self.join()

    def without_systemd(self, argv, *rest):
        if argv[:2] == ["systemctl", "stop"]:
            self.stop()
            return processes.Result(0)
        return processes.execute(argv, *rest)

    def start(self):
        if not self.runs:
            self.lb.start()
            self.runs = True

    def stop(self):
        if self.runs:
            self.lb.stop()
            self.runs = False

    def keep(self, password=PASSWORD, **changes):
        """As keep-backup does, without timers."""
        wanted = {"repository": self.repository, "keepDaily": 7, "keepWeekly": 4, "password": password, **changes}
        settings.keep(settings.parse({"hostname": "lb.example.com", "backup": wanted}))

    def join(self):
        for name, url in self.names.items():
            members.join(self.members, name, url, nodes.SECRET, 1)

    def replace(self):
        """Another machine in the place of this one, as `pulumi up` leaves it."""
        self.stop()
        shutil.rmtree(paths.STATE)
        shutil.rmtree(self.lb.folder)
        os.makedirs(self.lb.folder)
        shutil.chown(self.lb.folder, "bbblb", "bbblb")
        self.forget_database()
        self.start()
        self.keep()
        self.join()

    def forget_database(self):
        name = self.lb.database
        postgres.as_user("postgres", "dropdb", name)
        postgres.as_user("postgres", "createdb", "--owner", "bbblb", "--template", "pattern", name)
        for tenant, realm in TENANTS.items():
            values = f"('{tenant}', '{realm}', '{tenant}-secret', true)"
            self.lb.sql(f"INSERT INTO tenants (name, realm, secret, enabled) VALUES {values}")

    def restore(self, **data):
        return run("restore", nodes=self.names, **data)

    def closed(self, name):
        return members.why_closed(self.members, name, self.names[name])

    def node_of(self, room):
        return self.lb.sql(
            f"SELECT domain FROM meetings JOIN servers s ON s.id = server_fk WHERE external_id = '{room}'"
        )


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

    def test_a_restore_that_was_killed_anywhere_is_repeated(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        members.hold(self.members, "bbb-02", "hand", "a fan hums")
        run("backup")
        self.replace()
        for step in ("restic .*restore", "pg_restore", "psql", "chown"):
            with self.killed_at(step), self.assertRaises(SystemExit):
                self.restore(replace=True)
        self.restore(replace=True)
        self.assertEqual(listed(self.lb, "moodle")[1], [identity(1)])
        self.assertIn("a fan hums", self.closed("bbb-02"))

    def killed_at(self, step):
        import re

        def runner(argv, *rest):
            result = self.without_systemd(argv, *rest)
            if re.search(step, " ".join(argv)):
                raise SystemExit(143)
            return result

        return mock.patch.object(processes, "runner", runner)

    def test_what_has_come_since_to_the_new_machine_stays(self):
        publish(self.lb, self.nodes[0], identity(1), "moodle")
        run("backup")
        self.replace()
        publish(self.lb, self.nodes[0], identity(2), "greenlight")
        with self.assertRaisesRegex(Failure, "BBBLB has 0 meetings and 1 recordings here: `npm run restore -- --yes`"):
            self.restore()
        self.assertEqual(self.restore(replace=True)["newer"], 1)
        self.assertEqual(listed(self.lb, "moodle")[1], [identity(1)])
        self.assertEqual(listed(self.lb, "greenlight")[1], [identity(2)])

    def test_a_node_that_has_gone_since_goes_and_one_that_is_silent_keeps_its_rooms(self):
        self.lb.sql(f"UPDATE servers SET load = 1000 WHERE domain = '{self.nodes[0].domain}'")
        self.assertTrue(self.lb.create("moodle", "room"))
        run("backup")
        self.replace()
        self.nodes[1].fail("gone")
        done = self.restore()
        self.assertEqual((done["silent"], self.node_of("room")), ([self.nodes[1].domain], self.nodes[1].domain))
        del self.names["bbb-02"]
        self.restore(replace=True)
        self.assertEqual(self.lb.sql("SELECT domain FROM servers"), self.nodes[0].domain)
        self.assertEqual(self.lb.sql("SELECT count(*) FROM meetings"), "0")


class Copies(Machine):
    def test_none_is_made_of_a_new_machine_before_somebody_says_what_is_right(self):
        first = run("backup")["snapshot"]
        self.replace()
        with self.assertRaisesRegex(Failure, "has 1 backups of a machine before this one, the last of 20.*--keep"):
            run("backup")
        self.assertIn("npm run restore", run("backups")["failure"])
        self.assertEqual([one["id"] for one in run("backups", list=True)["snapshots"]], [first])
        run("backup", keep=True)
        run("backup")
        self.assertIsNone(run("backups")["failure"])

    def test_hold_nothing_that_is_deleted_or_on_its_way(self):
        for name in ("work/1/x", "inbox/1.temp", "inbox/2.tar", "deleted/moodle/3"):
            path = f"{self.lb.folder}/recordings/{name}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write("x")
        run("backup")
        shown = subprocess.run(
            ["restic", "--quiet", "ls", "latest"],
            env={**os.environ, "RESTIC_REPOSITORY": self.repository, "RESTIC_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertIn("bbblb.dump", shown)
        self.assertIn("members/bbb-01.json", shown)
        for name in ("work/1", "1.temp", "deleted/moodle", "loads.json"):
            self.assertNotIn(name, shown)

    def test_a_repository_with_another_password_is_not_touched_and_one_of_before_is_replaced(self):
        run("backup")
        shutil.rmtree(paths.STATE)
        self.keep("another-password-of-the-tests")
        with self.assertRaisesRegex(Failure, "has another password than this clusterSecret gives"):
            run("backup")
        self.keep()
        self.keep("another-password-of-the-tests")
        run("backup")
        shutil.rmtree(paths.STATE)
        self.keep("a-third-password-of-the-tests")
        for _ in range(2):
            self.restore(password="another-password-of-the-tests", replace=True)
        run("backup")
        secrets = (PASSWORD, "another-password-of-the-tests", "a-third-password-of-the-tests", nodes.SECRET)
        self.assertEqual([line for line in self.said if any(secret in line for secret in secrets)], [])

    def test_one_that_was_killed_leaves_nothing_in_the_way(self):
        run("backup")
        recording = f"{self.lb.folder}/recordings/public/large"
        os.makedirs(os.path.dirname(recording), exist_ok=True)
        with open(recording, "wb") as file:
            file.write(os.urandom(300_000_000))
        running = subprocess.Popen(
            ["restic", "backup", self.lb.folder, "--limit-upload", "1000"],
            env={**os.environ, "RESTIC_REPOSITORY": self.repository, "RESTIC_PASSWORD": PASSWORD},
            stdout=subprocess.DEVNULL,
        )
        eventually(lambda: os.listdir(f"{self.repository}/locks"), "it works in the repository")
        running.kill()
        running.wait()
        run("backup")
        self.assertEqual(os.listdir(f"{self.repository}/locks"), [])

    def test_a_repository_that_is_away_is_named_with_why(self):
        self.keep(repository="sftp:nobody@127.0.0.1:/x")
        with self.assertRaisesRegex(Failure, "repository sftp:nobody@127.0.0.1:/x cannot be used: "):
            run("backup")
        noted = run("backups")
        self.assertEqual((noted["at"], noted["failure"][:12]), (None, "the backup's"))

    def test_are_thinned_out_and_checked(self):
        for _ in range(3):
            run("backup")
        found = run("backups", list=True)["snapshots"]
        # restic keeps the first one, too, as long as there are fewer than are to be kept.
        self.assertEqual(len(found), 2)
        noted = run("backups")
        self.assertEqual(noted["snapshot"], found[-1]["id"])
        self.assertLess(time.time() - time.mktime(time.strptime(noted["checked"], "%Y-%m-%dT%H:%M:%SZ")), 600)
