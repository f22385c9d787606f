"""The disk of the real BBBLB, on which its database lies, too: fault 18."""

import os
import subprocess
import tarfile
import time

from faults import UNSEEN, Fault, Rig
from handing_over import HandingOver
from recordings import archive, identity, listed, upload
from waiting import eventually

ONE = identity(1)
NAME = f"{ONE}-presentation.tar"


def names(balancer, folder):
    """What lies in a folder for recordings."""
    return os.listdir(f"{balancer.folder}/recordings/{folder}")


def put(balancer, path, content=b"x"):
    """A file as BBBLB has it when it is killed, long ago; its path."""
    whole = f"{balancer.folder}/recordings/{path}"
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "wb") as file:
        file.write(content)
    os.utime(whole, (time.time() - 3600,) * 2)
    subprocess.run(["chown", "-R", "bbblb:", balancer.folder], check=True)
    return whole


class UploadsThatFail(Fault):
    """Fault 18: each upload of what cannot be imported is kept."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        for number in range(1, 4):
            self.assertEqual(upload(balancer, found[0], archive(ONE, "unknown")), 202)
            eventually(lambda: not names(balancer, "inbox"), "BBBLB gives up")
            eventually(lambda so_many=number: self.is_kept(balancer, so_many), "it is kept")
            eventually(lambda: not names(balancer, "work"), "nothing is left of it")
        return len(names(balancer, "failed")) > 1

    def is_kept(self, balancer, number):
        """By itself, or by its format's name, in the place of the one before."""
        kept = names(balancer, "failed")
        return kept == [NAME] or len(kept) == number


class ImportsThatWereKilled(Fault):
    """Fault 18: what was being imported when BBBLB was killed is never imported."""

    NODES = 1

    def shows(self, balancer, _found):
        balancer.kill()
        put(balancer, "inbox/1.tar", archive(ONE, "moodle"))
        put(balancer, "work/1/presentation/metadata.xml")
        balancer.start()
        eventually(lambda: self.ends(balancer), "BBBLB takes it up")
        return not listed(balancer, "moodle")[1]

    def ends(self, balancer):
        with open(balancer.log, encoding="utf-8") as log:
            return "Failed to claim work directory" in log.read() or listed(balancer, "moodle")[1]


class Disk(Rig):
    def test_has_nothing_left_of_what_was_on_its_way_when_it_was_killed(self):
        balancer, _ = self.balancer(True, 1)
        balancer.kill()
        left = ["inbox/1.temp", "work/2/x", f"storage/moodle/{ONE}/presentation.1.temp/x", "work/2.3.temp/x"]
        paths = [put(balancer, path) for path in [*left, f"storage/moodle/{ONE}/presentation/metadata.xml"]]
        balancer.start()
        self.assertEqual([os.path.exists(path) for path in paths], [False] * len(left) + [True])

    def test_has_one_upload_for_each_format_that_failed_before(self):
        balancer, _ = self.balancer(True, 1)
        balancer.kill()
        for number, record in enumerate((ONE, ONE, identity(2))):
            put(balancer, f"failed/{number}.tar", archive(record, "unknown"))
        for number in range(2):
            put(balancer, f"failed/broken-{number}.tar")
        balancer.start()
        expected = [NAME, f"{identity(2)}-presentation.tar", "unreadable.tar"]
        self.assertEqual(sorted(names(balancer, "failed")), sorted(expected))

    def test_has_no_upload_left_of_what_could_be_imported_after_all(self):
        balancer, (node,) = self.balancer(True, 1)
        upload(balancer, node, archive(ONE, "unknown"))
        eventually(lambda: names(balancer, "failed") == [NAME], "BBBLB gives up")
        with tarfile.open(f"{balancer.folder}/recordings/failed/{NAME}") as tar:
            self.assertEqual(tar.getnames(), [f"presentation/{ONE}/metadata.xml"])
        balancer.sql(
            "INSERT INTO tenants (name, realm, secret, enabled) VALUES ('unknown', 'u.test', 'unknown-secret', true)"
        )
        upload(balancer, node, archive(ONE, "unknown"))
        eventually(lambda: not names(balancer, "failed"), "it is imported")

    def test_keeps_room_for_the_database_and_says_to_nodes_that_it_is_full(self):
        balancer, (node,) = self.balancer(True, 1, {"GUARD_RESERVE_BYTES": str(1 << 60)})
        self.assertEqual(upload(balancer, node, archive(ONE, "moodle")), 507)
        eventually(lambda: not names(balancer, "inbox"), "nothing is kept of it")
        handing_over = HandingOver(self, balancer, node)
        handing_over.publish(1)
        self.assertEqual(handing_over.run(), [])
        self.assertIn("has no room for recordings: raise `balancerVolumeSize`", handing_over.why()[0])


del Fault
