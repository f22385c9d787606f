import json
import unittest

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.backup import note, settings, timer
from bbb_cluster.balancer import bbblb_secrets
from support import Machine, Result

REPOSITORY = "sftp://u123@u123.your-storagebox.de:23/bbb"
PASSWORD = "password-of-the-repository"
UNITS = [f"{timer.UNITS}/{name}" for name in ("bbb-cluster-backup.service", "bbb-cluster-backup.timer")]
SUMMARY = (
    '{"message_type":"summary","snapshot_id":"51193713fcb35e2b42cc4e734810701b1cc874f951da293c5bacf78db69e9749"}\n'
)
SNAPSHOTS = json.dumps([{"short_id": "0badcafe", "time": "2026-11-25T00:31:07.753982525Z"}])


def request(**changes):
    """A request that keeps a backup by sftp."""
    key = {"sshPrivateKey": "PRIVATE-KEY\n", "sshPublicKey": "ssh-ed25519 AAAA"}
    wanted = {"repository": REPOSITORY, "keepDaily": 7, "keepWeekly": 4, "password": PASSWORD, **key, **changes}
    return {"hostname": "bbb-lb.example.com", "repair": "", "backup": wanted}


NONE = {"hostname": "bbb-lb.example.com", "repair": "", "backup": None}


class Backups(Machine):
    """A balancer whose repository is `there`: an exit status of restic, and what it says."""

    def setUp(self):
        super().setUp()
        self.known, self.there = '""\n', Result(0, "{}")
        self.on("^systemctl show .*bbb-cluster-backup.service", "ActiveState=inactive\n")
        self.on("^restic .* cat config", lambda _c: self.there)
        self.on("^restic .* snapshots ", lambda _c: SNAPSHOTS if self.known == '""\n' and self.older else "[]")
        self.on("^restic .* backup ", SUMMARY)
        self.on("psql .*--dbname bbblb ", lambda _c: self.known)
        self.older = False

    def run_command(self, name, data=None):
        return main.COMMANDS[name][0](data or {}, "")

    def keep(self, data=None):
        return self.run_command("keep-backup", data or request())

    def restic(self):
        return [(call, env) for call, _, env in self.inputs if call.startswith("restic")]


class Keeping(Backups):
    def test_a_repository_is_tried_at_once_and_a_timer_copies_to_it_each_night(self):
        self.assertEqual(self.keep(), {"changed": True, "waits": False})
        self.assertIn("Persistent=true", self.get(UNITS[1]).decode())
        self.assertIn(f"systemctl restart {timer.TIMER}", self.calls)
        self.assertEqual(self.calls[-2], f"systemctl start --no-block {timer.SERVICE}")
        self.assertEqual(self.keep(), {"changed": False, "waits": False})

    def test_its_secrets_are_roots_alone_and_in_no_argument(self):
        self.keep(request(secretAccessKey="secret-key-of-s3"))
        self.run_command("backup")
        secrets = (PASSWORD, "PRIVATE-KEY", "secret-key-of-s3")
        self.assertEqual([said for said in [*self.calls, *self.said] if any(one in said for one in secrets)], [])
        holding = {
            path for path, (text, _) in self.everything("").items() if any(one.encode() in text for one in secrets)
        }
        self.assertEqual(holding, {settings.KEPT, settings.KEY})
        self.assertEqual({self.mode(path) for path in holding}, {0o600})
        self.assertEqual({env["RESTIC_PASSWORD"] for _, env in self.restic()}, {PASSWORD})

    def test_without_it_nothing_is_left(self):
        self.keep()
        self.keep(NONE)
        for path in [settings.KEPT, settings.KEY, note.LAST, *UNITS]:
            self.assertIsNone(self.get(path), path)
        self.assertIn(f"systemctl stop {timer.TIMER}", self.calls)
        self.calls = []
        self.assertEqual(self.keep(NONE), {"changed": False, "waits": False})
        self.assertEqual(self.called("restic|apt-get|daemon-reload|start"), [])
        self.assertIn("no backup is configured here", self.fails(self.run_command, "backup"))

    def test_what_is_wrong_is_said_with_its_remedy(self):
        key = "add its key there: ssh-ed25519 AAAA"
        for result, message in (
            (Result(1, "", "subprocess ssh: u123@x: Permission denied (publickey).\nFatal: no"), key),
            (Result(1, "", "subprocess ssh: Host key verification failed.\nFatal: no"), "another key than before"),
            (Result(12, "", "Fatal: wrong password or no key found"), "has another password than this clusterSecret"),
            (Result(11, "", "Fatal: unable to create lock"), "is locked: by another machine"),
            (
                Result(1, "", "Fatal: write: no space left on device"),
                "no room is left for the backup, here or in sftp:",
            ),
            (
                Result(1, "", "subprocess ssh: connect to host x port 23: No route to host\nFatal: no"),
                "No route to host",
            ),
        ):
            with self.subTest(message=message):
                self.there = result
                self.assertIn(message, self.fails(self.keep))
                self.assertIn(message, note.load()["failure"])

    def test_a_repository_that_is_not_there_is_made(self):
        self.there = Result(10, "", "Fatal: repository does not exist")
        self.keep()
        self.assertEqual(len(self.called("^restic .* init$")), 1)

    def test_a_copy_that_fails_fails_the_run(self):
        self.on("^systemctl start", lambda _c: note.keep(failure="the disk is full") or "")
        self.assertEqual(self.fails(self.keep), "the backup failed: the disk is full")

    def test_a_copy_that_takes_long_goes_on_without_us(self):
        self.on("^systemctl show .*bbb-cluster-backup.service", "ActiveState=activating\n")
        self.assertEqual(self.keep()["waits"], False)
        self.assertIn("the backup goes on", self.said[-1])

    def test_a_new_machine_waits_for_its_restore(self):
        self.older = True
        self.assertEqual(self.keep()["waits"], True)
        self.assertRegex(
            self.said[-1], "^warning: .* has 1 backups of a machine before this one, the last of 2026-11-25"
        )
        self.assertIn("npm run restore", self.run_command("backups")["failure"])
        self.assertEqual(self.called("systemctl start"), [])
        self.assertIn("npm run restore", self.fails(self.run_command, "backup"))
        self.assertEqual(self.called("pg_dump"), [])

    def test_another_password_takes_the_place_of_the_one_before_also_after_an_interruption(self):
        self.keep()
        self.there = Result(11)
        self.fails(self.keep, request(password="another-password-of-the-repository"))
        self.there = Result(12)
        self.keep(request(password="another-password-of-the-repository"))
        ((call, env),) = [(call, env) for call, env in self.restic() if "key passwd" in call]
        self.assertEqual(env["RESTIC_PASSWORD"], PASSWORD)
        self.assertEqual(settings.load().previous, "")


class Copying(Backups):
    def setUp(self):
        super().setUp()
        self.put(bbblb_secrets.KEPT, "{}")
        self.put("/var/lib/bbb-cluster/members/bbb-01.json", "{}")
        self.keep()
        self.calls = []

    def test_a_copy_has_the_database_first_then_the_files_and_is_thinned_out_and_checked(self):
        self.assertEqual(self.run_command("backup")["snapshot"], "51193713")
        steps = [call for call in self.calls if call.startswith(("restic", "sh "))]
        words = ["cat config", "pg_dump", "/var/lib/bbb-cluster/backup ", "forget", "check"]
        self.assertEqual([word in step for word, step in zip(words, [*steps[:1], *steps[-4:]])], [True] * 5)
        self.assertIn("--keep-daily 7 --keep-weekly 4 --prune", steps[-2])
        self.assertIsNone(self.get("/var/lib/bbb-cluster/backup/bbblb.dump"))
        self.run_command("backup")
        self.assertEqual(len(self.called("^restic .* check$")), 1)
        self.time += 8 * 24 * 3600
        self.run_command("backup")
        self.assertEqual(len(self.called("^restic .* check$")), 2)

    def test_what_has_become_of_it_is_told_without_asking_anybody(self):
        self.run_command("backup")
        self.calls = []
        told = self.run_command("backups")
        self.assertEqual((told["repository"], told["failure"], told["snapshot"]), (REPOSITORY, None, "51193713"))
        self.assertEqual(self.calls, [])

    def test_one_that_fails_leaves_the_time_of_the_last_good_one(self):
        self.run_command("backup")
        good = note.load()["at"]
        self.time += 3600
        self.on("^sh .*pg_dump", Result(1, "", "sh: 1: write error: No space left on device"))
        message = self.fails(self.run_command, "backup")
        self.assertIn("BBBLB's database cannot be copied: sh: 1: write error: No space left on device; is the", message)
        noted = note.load()
        self.assertEqual((noted["at"], noted["failure"]), (good, message))

    def test_a_repository_that_is_damaged_is_said_and_the_copy_counts(self):
        self.on("^restic .* check$", Result(1, "", "error: pack 12 is missing"))
        self.assertIn("is damaged: error: pack 12 is missing", self.fails(self.run_command, "backup"))
        self.assertIsNotNone(note.load()["at"])

    def test_a_lock_of_one_that_was_killed_is_taken_away(self):
        locked = [Result(11, "", "Fatal: locked")]
        self.on("^restic .* forget", lambda _c: locked.pop() if locked else "")
        self.run_command("backup")
        self.assertEqual(len(self.called("^restic .* unlock$")), 1)

    def test_two_at_once_do_not_disturb_each_other(self):
        with note.alone():
            self.assertIn("goes on here already", self.fails(self.run_command, "backup"))


if __name__ == "__main__":
    unittest.main()
