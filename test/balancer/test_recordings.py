"""Recordings: faults 3, 9 and 10."""

import base64
import json
import os
import urllib.parse

import postgres
from faults import UNSEEN, Fault, Rig
from frontend import Frontend
from recordings import archive, identity, listed, publish, upload
from waiting import eventually

PLAYBACK = f"/playback/presentation/{identity(1)}/metadata.xml"


class ImporterAfterRestarts(Fault):
    """Fault 3: nothing can be uploaded any more once PostgreSQL has restarted."""

    NODES = 1

    def shows(self, balancer, found):
        for _ in range(6):
            postgres.restart()
            balancer.polled(found[0])
            if upload(balancer, found[0], archive(identity(1), "moodle")) != 202:
                return upload(balancer, found[0], archive(identity(1), "moodle")) != 202
        return False


class ImporterThatLooks(Fault):
    """Fault 3: nothing can be uploaded any more once an import has ended while the importer looked for uploads."""

    NODES = 1

    def shows(self, balancer, found):
        # Named by the folder and gone when it is looked at, as what has just been imported.
        gone = f"{balancer.folder}/recordings/inbox/gone.tar"
        os.symlink("nothing", gone)
        eventually(lambda: f"No such file or directory: '{gone}'" in balancer.said(), "the importer has looked")
        os.unlink(gone)
        return upload(balancer, found[0], archive(identity(1), "moodle")) != 202


class RestartOfTheDatabase(Rig):
    def test_fails_no_create_and_charges_no_node(self):
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "before")
        postgres.restart()
        self.assertTrue(balancer.create("moodle", "after"))
        postgres.stop()
        balancer.polled(node, 0)
        postgres.resume()
        balancer.polled(node)
        self.assertEqual(balancer.sql("SELECT health, errors FROM servers"), "0|0")
        self.assertEqual(balancer.meetings_on(node), 2)


class RecordingReady(Rig):
    def test_is_said_once_with_the_secret_of_the_tenant(self):
        frontend = Frontend()
        self.addCleanup(frontend.close)
        balancer, (node,) = self.balancer(True, 1)
        balancer.create("moodle", "room", **{"meta_bbb-recording-ready-url": f"{frontend.url}/ready"})
        meeting = node.meetings["room-bbblb-moodle"]
        self.assertNotIn("meta_bbb-recording-ready-url", meeting)
        publish(balancer, node, identity(1), "moodle", meeting["meta_bbblb-uuid"])
        eventually(lambda: frontend.called("/ready"), "the frontend is called")
        balancer.polled(node, 3)
        (body,) = frontend.called("/ready")
        token = urllib.parse.parse_qs(body)["signed_parameters"][0]
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        self.assertEqual(claims, {"meeting_id": "room", "record_id": identity(1)})


class ChangedMetadata(Fault):
    """Fault 9: changed metadata of a recording are not kept."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        publish(balancer, found[0], identity(1), "moodle")
        balancer.call("moodle", "updateRecordings", recordID=identity(1), meta_subject="geometry")
        answer = balancer.call("moodle", "getRecordings", recordID=identity(1))[1]
        return answer.findtext(".//metadata/subject") != "geometry"


class SearchByMetadata(Fault):
    """Fault 9: recordings cannot be searched for by metadata."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        for number, tenant in ((1, "moodle"), (2, "greenlight")):
            publish(balancer, found[0], identity(number), tenant)
        return listed(balancer, "moodle", meta_subject="algebra") != (200, [identity(1)]) or listed(
            balancer, "moodle", meta_subject="geometry"
        ) != (200, [])


class OtherStates(Fault):
    """Fault 9: recordings cannot be searched for by a state that none is in."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        publish(balancer, found[0], identity(1), "moodle")
        answers = {
            state: listed(balancer, "moodle", state=state) for state in ("processing", "published,deleted", "any")
        }
        some, none = (200, [identity(1)]), (200, [])
        return answers != {"processing": none, "published,deleted": some, "any": some}


class ForeignRecording(Fault):
    """Fault 10: a tenant that deletes another one's recording unpublishes it."""

    NODES = 1
    SETTINGS = UNSEEN

    def shows(self, balancer, found):
        publish(balancer, found[0], identity(1), "greenlight")
        public = f"{balancer.folder}/recordings/public/presentation"
        eventually(lambda: balancer.ask(PLAYBACK, "lb.example.com")[0] == 200, "it can be played")
        # Both go at the same time: often enough, and the foreign one is not always the last.
        for number in range(2, 7):
            publish(balancer, found[0], identity(number), "moodle")
            balancer.call("moodle", "deleteRecordings", recordID=f"{identity(1)},{identity(number)}")
            eventually(lambda number=number: not os.path.exists(f"{public}/{identity(number)}"), "its own is deleted")
            if not os.path.exists(f"{public}/{identity(1)}"):
                return True
        return False


del Fault
