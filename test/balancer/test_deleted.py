"""Recordings that a tenant deletes, with the real BBBLB; fault 21."""

import os
import subprocess

from faults import UNSEEN, Fault, Rig
from handing_over import HandingOver
from recordings import archive, identity, listed, publish, upload
from waiting import eventually

ONE = identity(1)


class DeletionCutOff(Fault):
    """Fault 21: a recording whose deletion was cut off by `kill -9` is played for ever."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        for number in (1, 2):
            publish(balancer, found[0], identity(number), "moodle")
        played = [f"/playback/presentation/{identity(number)}/metadata.xml" for number in (1, 2)]
        eventually(lambda: self.asked(balancer, played) == [200, 200], "both can be played")
        balancer.kill()
        balancer.sql(f"DELETE FROM recordings WHERE record_id = '{ONE}'")
        balancer.start()
        recordings = f"{balancer.folder}/recordings"
        kept = os.path.exists(f"{recordings}/storage/moodle/{ONE}")
        return self.asked(balancer, played) != [404, 200] or kept or not os.listdir(f"{recordings}/deleted/moodle")

    def asked(self, balancer, played):
        return [balancer.ask(path, "lb.example.com")[0] for path in played]


class Deleted(Rig):
    def deleted(self, settings=None):
        """A balancer and its node, by which a recording came that its tenant has deleted."""
        balancer, (node,) = self.balancer(True, 1, settings)
        publish(balancer, node, ONE, "moodle")
        balancer.call("moodle", "deleteRecordings", recordID=ONE)
        eventually(lambda: not os.listdir(f"{balancer.folder}/recordings/storage/moodle"), "it is deleted")
        return balancer, node

    def files(self, balancer):
        return os.listdir(f"{balancer.folder}/recordings/deleted/moodle")

    def is_known(self, balancer, node):
        """Whether its node is told that it does not have to bring it."""
        handing_over = HandingOver(self, balancer, node)
        handing_over.publish(1)
        return handing_over.run() != [] and handing_over.uploads == []

    def test_are_no_more_on_the_disk_after_a_while_and_nodes_do_not_bring_them_back(self):
        balancer, node = self.deleted({"GUARD_KEEP_DELETED_DAYS": "0"})
        eventually(lambda: not self.files(balancer), "its files are gone")
        self.assertTrue(self.is_known(balancer, node))

    def test_are_kept_for_a_month(self):
        balancer, node = self.deleted()
        # It cleans up as often as it polls.
        balancer.polled(node, 6)
        self.assertEqual(len(self.files(balancer)), 1)

    def test_are_not_brought_back_by_an_upload_that_was_on_its_way(self):
        balancer, node = self.deleted()
        self.assertEqual(upload(balancer, node, archive(ONE, "moodle")), 202)
        for folder in ("inbox", "work", "failed"):
            path = f"{balancer.folder}/recordings/{folder}"
            eventually(lambda path=path: not os.listdir(path), f"nothing is in {folder}")
        self.assertEqual(listed(balancer, "moodle"), (200, []))

    def test_are_known_that_were_deleted_when_nobody_took_note(self):
        balancer, node = self.deleted()
        balancer.stop()
        balancer.sql("DROP TABLE guard_deleted; DROP FUNCTION guard_note_deleted CASCADE")
        balancer.start()
        self.assertTrue(self.is_known(balancer, node))

    def test_come_back_when_somebody_imports_them_by_hand(self):
        balancer, node = self.deleted()
        folder = f"{balancer.folder}/recordings/deleted/moodle/{self.files(balancer)[0]}"
        tar = subprocess.run(["tar", "-cC", folder, "."], stdout=subprocess.PIPE, check=True).stdout
        balancer.command("recording", "import", input=tar, text=False)
        self.assertEqual(listed(balancer, "moodle"), (200, [ONE]))
        balancer.stop()
        balancer.start()
        self.assertEqual(upload(balancer, node, archive(ONE, "moodle")), 202)
        eventually(lambda: not os.listdir(f"{balancer.folder}/recordings/inbox"), "it is imported")
        self.assertEqual(listed(balancer, "moodle"), (200, [ONE]))


del Fault
