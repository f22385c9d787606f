"""Backups of the real BBBLB by the real restic."""

import contextlib
import glob
import os
import shutil
import subprocess
import time

import nodes
from backed_up import PASSWORD, Machine, run
from bbb_cluster.backup import settings
from bbb_cluster.backup.repository import Repository
from bbb_cluster.system import paths
from bbb_cluster.system.failure import Failure
from waiting import eventually


@contextlib.contextmanager
def small(folder, size):
    """A folder on a disk of its own, which is small."""
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextlib.contextmanager
def unreadable(path):
    """A file that is there and cannot be read, by nobody."""
    subprocess.run(["mount", "--bind", "/proc/1/mem", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


class Copies(Machine):
    def record_something(self, size):
        """Something large that is to be copied."""
        path = f"{self.lb.folder}/recordings/public/large"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(os.urandom(size))

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
        self.record_something(300_000_000)
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

    def test_a_disk_that_is_not_mounted_is_no_place_for_a_new_repository(self):
        run("backup")
        shutil.rmtree(self.repository)
        os.makedirs(self.repository)
        with self.assertRaisesRegex(Failure, "is not there: is what it lies on mounted"):
            run("backup")
        self.assertIn("is not there", run("backups")["failure"])
        self.assertEqual(os.listdir(self.repository), [])
        run("backup", keep=True)
        self.assertEqual(len(self.snapshots()), 1)

    def test_a_full_disk_is_named_there_and_here(self):
        self.record_something(10_000_000)
        with (
            small(self.repository, "2m"),
            self.assertRaisesRegex(Failure, "no room is left for the backup, here or in"),
        ):
            run("backup")
        # At each of them pg_dump is somewhere else when it is full.
        for size in ("16k", "24k", "28k", "32k"):
            with self.subTest(size=size), small(paths.STATE, size):
                self.keep()
                with self.assertRaisesRegex(Failure, "BBBLB's database cannot be copied: .*; is the disk full"):
                    run("backup")
                self.assertIn("is the disk full", run("backups")["failure"])
        run("backup")

    def test_one_that_could_not_read_a_recording_counts_as_failed_and_none_of_before_is_removed(self):
        self.keep(keepDaily=1, keepWeekly=1)
        self.record_something(1000)
        for _ in range(2):
            run("backup")
        good, whole = run("backups")["at"], self.snapshots()
        path = f"{self.lb.folder}/recordings/public/large"
        with unreadable(path):
            for _ in range(2):
                with self.assertRaisesRegex(Failure, f"lacks what could not be read here: 1 of .*, such as {path}"):
                    run("backup")
            noted = run("backups")
            self.assertIn("none of those before is removed", noted["failure"])
            self.assertEqual(noted["at"], good)
            self.assertEqual(self.snapshots()[: len(whole)], whole)
        run("backup")
        self.assertIsNone(run("backups")["failure"])
        self.assertLess(len(self.snapshots()), len(whole) + 2)

    def test_a_first_one_that_is_not_whole_is_no_backup_of_a_machine_before(self):
        self.record_something(1000)
        with unreadable(f"{self.lb.folder}/recordings/public/large"), self.assertRaisesRegex(Failure, "lacks"):
            run("backup")
        run("backup")

    def snapshots(self):
        return [one["id"] for one in run("backups", list=True)["snapshots"]]

    def test_data_that_were_damaged_are_found_within_a_quarter_of_a_year(self):
        self.record_something(1_000_000)
        run("backup")
        largest = max(glob.glob(f"{self.repository}/data/*/*"), key=os.path.getsize)
        os.chmod(largest, 0o600)
        with open(largest, "r+b") as file:
            file.seek(500_000)
            file.write(b"x" * 100)
        failures, repository = [], Repository(settings.required())
        for week in range(13):
            try:
                repository.check(week)
            except Failure as error:
                failures.append(str(error))
        self.assertEqual(len(failures), 1)
        self.assertIn("is damaged: ", failures[0])

    def test_are_thinned_out_and_checked(self):
        for _ in range(3):
            run("backup")
        found = run("backups", list=True)["snapshots"]
        # restic keeps the first one, too, as long as there are fewer than are to be kept.
        self.assertEqual(len(found), 2)
        noted = run("backups")
        self.assertEqual(noted["snapshot"], found[-1]["id"])
        self.assertLess(time.time() - time.mktime(time.strptime(noted["checked"], "%Y-%m-%dT%H:%M:%SZ")), 600)
