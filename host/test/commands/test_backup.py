import json
import unittest

from backed_up import REPOSITORY, SUMMARY, Backups

import support  # noqa: F401
from bbb_cluster.backup import note
from bbb_cluster.balancer import bbblb_secrets
from bbb_cluster.system import paths
from support import Result


class Copying(Backups):
    def setUp(self):
        super().setUp()
        self.put(bbblb_secrets.KEPT, "{}")
        self.put("/var/lib/bbb-cluster/members/bbb-01.json", "{}")
        self.keep()
        self.calls = []

    def test_a_copy_has_the_database_first_then_the_files_and_is_thinned_out_and_checked(self):
        self.assertEqual(self.run_command("backup")["snapshot"], "51193713")
        steps = [call for call in self.calls if call.startswith(("restic", "bash "))]
        words = ["cat config", "pg_dump", "/var/lib/bbb-cluster/backup ", "forget", "check --read-data-subset="]
        self.assertEqual([word in step for word, step in zip(words, [*steps[:1], *steps[-4:]])], [True] * 5)
        self.assertIn("--keep-daily 7 --keep-weekly 4 --prune", steps[-2])
        self.assertIsNone(self.get("/var/lib/bbb-cluster/backup/bbblb.dump"))
        self.run_command("backup")
        self.assertEqual(len(self.called("^restic .* check ")), 1)
        self.time += 8 * 24 * 3600
        self.run_command("backup")
        self.assertEqual(len(self.called("^restic .* check ")), 2)

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
        self.on("pg_dump", Result(1, "", "sh: 1: write error: No space left on device"))
        message = self.fails(self.run_command, "backup")
        self.assertIn("BBBLB's database cannot be copied: sh: 1: write error: No space left on device; is the", message)
        noted = note.load()
        self.assertEqual((noted["at"], noted["failure"]), (good, message))

    def test_a_repository_that_is_damaged_is_said_and_the_copy_counts(self):
        self.on("^restic .* check ", Result(1, "", "error: pack 12 is missing"))
        self.assertIn("is damaged: error: pack 12 is missing", self.fails(self.run_command, "backup"))
        self.assertIsNotNone(note.load()["at"])

    def test_files_that_have_gone_meanwhile_are_none_that_could_not_be_read(self):
        for words, item, message, is_whole in (
            (
                "a file that has gone",
                "/var/lib/bbblb/recordings/inbox/1.tar",
                "lstat x: no such file or directory",
                True,
            ),
            ("one that cannot be read", "/var/lib/bbblb/x", "read /var/lib/bbblb/x: input/output error", False),
            (
                "all of it has gone",
                paths.on_host("/var/lib/bbblb"),
                "lstat /var/lib/bbblb: no such file or directory",
                False,
            ),
        ):
            with self.subTest(words):
                self.calls = []
                error = {"message_type": "error", "error": {"message": message}, "during": "archival", "item": item}
                end = '{"message_type":"exit_error","code":3,"message":"Warning: at least one source file"}'
                said = Result(3, SUMMARY, f"{json.dumps(error)}\n{end}\n")
                self.on("^restic .* backup ", said)
                if is_whole:
                    self.run_command("backup")
                else:
                    self.assertIn(f"such as {item} ({message})", self.fails(self.run_command, "backup"))
                self.assertEqual(len(self.called("^restic .* forget ")), int(is_whole))

    def test_an_exit_status_that_names_no_file_is_not_taken_for_one_that_has_gone(self):
        self.on("^restic .* backup ", Result(3, SUMMARY, "Warning: at least one source file could not be read"))
        self.assertIn("something that restic does not name", self.fails(self.run_command, "backup"))

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
