"""Recordings of a node, handed over to the real BBBLB by the host programs."""

import os
import shutil
from http.client import IncompleteRead

from bbb_cluster.balancer import bbblb
from bbb_cluster.recordings import marks
from faults import Rig
from handing_over import HOST, HandingOver
from recordings import identity, listed
from waiting import eventually

ONE = identity(1)
NAME = f"{ONE}-presentation"


class HandedOver(Rig):
    def handing_over(self):
        balancer, (node,) = self.balancer(True, 1)
        return balancer, HandingOver(self, balancer, node)

    def test_a_recording_is_uploaded_imported_and_seen_and_then_its_tenant_finds_it(self):
        balancer, node = self.handing_over()
        node.publish(1)
        self.assertEqual(node.run(), [NAME])
        self.assertEqual(listed(balancer, "moodle", recordID=ONE), (200, [ONE]))
        self.assertEqual(balancer.ask(f"/playback/presentation/{ONE}/metadata.xml", HOST)[0], 200)
        self.assertEqual((node.run(), len(node.uploads)), ([], 1))

    def test_an_upload_that_cannot_be_imported_is_none_and_goes_again_later(self):
        balancer, node = self.handing_over()
        node.publish(1, "unknown")
        self.assertEqual(node.run(), [])
        failed = f"{balancer.folder}/recordings/failed"
        eventually(lambda: os.listdir(failed), "BBBLB gives up")
        self.assertEqual((node.run(), len(node.uploads)), ([], 1))
        balancer.sql(
            "INSERT INTO tenants (name, realm, secret, enabled) VALUES ('unknown', 'u.test', 'unknown-secret', true)"
        )
        node.minutes = 11
        self.assertEqual((node.run(), len(node.uploads)), ([NAME], 2))

    def test_an_upload_that_is_broken_off_is_none_however_whole_it_looks(self):
        _, node = self.handing_over()
        node.publish(1)
        node.breaks_off = True
        for _ in range(2):
            self.assertEqual(node.run(), [])
        self.assertIn("cannot be read whole (tar: metadata.xml: Cannot open: Input/output error)", node.why()[0])
        node.breaks_off = False
        self.assertEqual((node.run(), len(node.uploads)), ([NAME], 3))

    def test_a_recording_that_its_tenant_hides_before_the_node_looks_was_handed_over(self):
        there = self.is_there_after("publishRecordings", publish="false")
        self.assertEqual(there.lacks([(ONE, "presentation"), (ONE, "video")]), [(ONE, "video")])

    def test_a_recording_that_its_tenant_deletes_before_the_node_looks_was_handed_over(self):
        there = self.is_there_after("deleteRecordings")
        self.assertEqual(there.lacks([(ONE, "presentation"), (ONE, "video")]), [])

    def is_there_after(self, call, **given):
        balancer, node = self.handing_over()
        node.publish(1)
        there, found = bbblb.Bbblb(), (ONE, "presentation")
        self.assertEqual(there.lacks([found]), [found])
        node.run()
        shutil.rmtree(marks.FOLDER)
        balancer.call("moodle", call, recordID=ONE, **given)

        def is_played():
            try:
                return balancer.ask(f"/playback/presentation/{ONE}/metadata.xml", HOST)[0] == 200
            except IncompleteRead:
                # Taken away while it was read.
                return True

        eventually(lambda: not is_played(), "it is played for nobody")
        self.assertEqual((node.run(), len(node.uploads)), ([NAME], 1))
        return there

    def test_a_recording_whose_files_are_gone_there_is_missing_although_the_database_has_it(self):
        balancer, node = self.handing_over()
        node.publish(1)
        node.run()
        shutil.rmtree(f"{balancer.folder}/recordings/storage/moodle/{ONE}")
        self.assertEqual(bbblb.Bbblb().lacks([(ONE, "presentation")]), [(ONE, "presentation")])

    def test_a_recording_that_is_played_and_that_no_tenant_finds_goes_again(self):
        balancer, node = self.handing_over()
        node.publish(1)
        node.run()
        shutil.rmtree(marks.FOLDER)
        balancer.sql("DELETE FROM recordings; DELETE FROM guard_deleted")
        self.assertEqual((node.run(), len(node.uploads)), ([NAME], 2))
        self.assertEqual(listed(balancer, "moodle", recordID=ONE), (200, [ONE]))

    def test_a_recording_that_its_tenant_finds_and_that_cannot_be_played_goes_again(self):
        balancer, node = self.handing_over()
        node.publish(1)
        node.run()
        shutil.rmtree(marks.FOLDER)
        os.unlink(f"{balancer.folder}/recordings/public/presentation/{ONE}")
        self.assertEqual((node.run(), len(node.uploads)), ([NAME], 2))
        self.assertEqual(balancer.ask(f"/playback/presentation/{ONE}/metadata.xml", HOST)[0], 200)

    def test_a_wrong_secret_is_named_and_put_right_it_goes_on(self):
        _, node = self.handing_over()
        node.publish(1)
        node.secret = "another-secret"
        self.assertEqual(node.run(), [])
        self.assertIn("does not take this node's secret", node.why()[0])
        node.secret = "node-secret-of-the-tests"
        self.assertEqual(node.run(), [NAME])

    def test_a_clock_that_is_behind_is_named_and_put_right_it_goes_on(self):
        _, node = self.handing_over()
        node.publish(1)
        node.minutes = -20
        self.assertEqual(node.run(), [])
        self.assertIn("takes nothing of a node whose clock is 15 minutes behind its own", node.why()[0])
        node.minutes = 0
        self.assertEqual(node.run(), [NAME])

    def test_what_was_imported_is_told_to_nodes_alone(self):
        balancer, node = self.handing_over()
        node.publish(1)
        node.run()
        path = f"/bbblb/api/v1/recording/imported/{ONE}/presentation"
        self.assertEqual(balancer.ask(path, HOST)[0], 403)
        self.assertEqual(balancer.ask(path, HOST, None, {"Authorization": "Bearer x"})[0], 401)

    def test_while_it_restarts_nothing_is_lost(self):
        balancer, node = self.handing_over()
        for number in range(1, 4):
            node.publish(number)
        balancer.kill()
        balancer.start()
        self.assertEqual(len(node.run()), 3)
