import unittest
from unittest import mock

from backed_up import NONE, PASSWORD, UNITS, Backups, request

import support  # noqa: F401
from bbb_cluster.backup import note, settings, timer
from bbb_cluster.commands import keep_backup
from support import Failure, Result


class Keeping(Backups):
    def test_a_repository_is_tried_at_once_and_a_timer_copies_to_it_each_night(self):
        self.assertEqual(self.keep(), {"changed": True, "waits": False})
        self.assertIn("Persistent=true", self.get(UNITS[1]).decode())
        self.assertIn(f"systemctl restart {timer.TIMER}", self.calls)
        self.assertEqual(self.calls[-1], f"systemctl start {timer.SERVICE}")
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

    def test_one_that_is_gone_is_not_made_anew_before_somebody_says_so(self):
        self.keep()
        self.there = Result(10, "", "Fatal: repository does not exist")
        for step in (lambda: self.run_command("backup"), lambda: self.keep(request(keepDaily=3))):
            message = self.fails(step)
            self.assertIn("your-storagebox.de:23/bbb is not there: is what it lies on mounted? Then run again", message)
            self.assertEqual(note.load()["failure"], message)
        self.assertEqual(self.called("^restic .* (init$|backup )"), [])
        self.run_command("backup", {"keep": True})
        self.assertEqual(len(self.called("^restic .* init$")), 1)

    def test_another_one_is_made_where_none_is(self):
        self.keep()
        self.there = Result(10, "", "Fatal: repository does not exist")
        self.keep(request(repository="/mnt/other"))
        self.assertEqual(len(self.called("^restic .* init$")), 1)

    def test_of_another_one_only_what_was_copied_there_counts(self):
        self.keep()
        self.on("^systemctl start", self.takes_long)
        self.keep(request(repository="/mnt/other"))
        self.assertIsNone(self.run_command("backups")["at"])

    def test_what_a_copy_has_noted_that_ended_after_its_repository_was_given_up_is_not_of_the_next_one(self):
        self.keep()
        self.keep(NONE)
        note.keep(at="2026-11-26 00:30:00 UTC")
        self.there = Result(10, "", "Fatal: repository does not exist")
        self.keep(request(repository="/mnt/other"))
        self.assertEqual(len(self.called("^restic .* init$")), 1)

    def test_another_one_waits_for_a_copy_that_goes_on_and_keeps_nobody_else_from_this_machine(self):
        self.keep()
        with note.alone(), mock.patch.object(keep_backup, "Lock", side_effect=AssertionError("it holds the lock")):
            self.assertIn("goes on here already", self.fails(self.keep, request(repository="/mnt/other")))

    def test_a_copy_that_was_killed_fails_the_run_also_where_there_is_one_of_before(self):
        self.keep()
        self.time = 30 * 24 * 3600
        for status in (0, 1):
            with self.subTest(status=status):
                self.on("^systemctl start", Result(status, "", "Job for bbb-cluster-backup.service failed"))
                self.assertIn("the backup failed: look at `journalctl", self.fails(self.keep, request(keepDaily=3)))

    def test_a_copy_that_fails_fails_the_run(self):
        self.on("^systemctl start", lambda _c: note.keep(failure="the disk is full") or "")
        self.assertEqual(self.fails(self.keep), "the backup failed: the disk is full")

    def test_a_copy_that_takes_long_goes_on_without_us(self):
        self.on("^systemctl start", self.takes_long)
        self.assertEqual(self.keep()["waits"], False)
        self.assertIn("the backup goes on", self.said[-1])

    def takes_long(self, _command):
        raise Failure("`systemctl start` did not end within 120 seconds")

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


if __name__ == "__main__":
    unittest.main()
