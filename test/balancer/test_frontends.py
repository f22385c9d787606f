"""Moodle and Greenlight as they ask, through nginx as the program sets it up."""

import base64
import hashlib
import hmac
import json
import os
import ssl
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from balancers import TENANTS, signed
from faults import Rig
from front import CERTIFICATE, Fronted
from frontend import Frontend
from recordings import identity, listed, publish
from waiting import eventually

MEGABYTES = 30
# What Moodle says of its slides, and others of theirs.
KINDS = ["text/xml", "text/xml; charset=UTF-8", "application/xml", "application/xml;charset=utf-8"]


class Asked(Rig):
    """A balancer behind nginx, and its nodes."""

    def fronted(self, number_of_nodes=2):
        return self.balancer(True, number_of_nodes, kind=Fronted)

    def created(self, balancer, tenant, room, body=None, kind="", **given):
        """What a create has told, as texts by name."""
        status, answer = balancer.call(tenant, "create", body, kind, meetingID=room, name=room, **given)
        self.assertEqual((status, answer.findtext("returncode")), (200, "SUCCESS"))
        return {element.tag: element.text for element in answer}

    def frontend(self):
        frontend = Frontend()
        self.addCleanup(frontend.close)
        return frontend

    def joined(self, balancer, tenant, room, **given):
        """Where somebody ends who joins."""
        target = signed(tenant, "join", meetingID=room, fullName="Ada", role="VIEWER", **given)
        return balancer.followed(f"https://{TENANTS[tenant]}{target}")


class Moodle(Asked):
    def test_creates_before_every_join_and_comes_to_the_room_as_it_is(self):
        """It asks what the meeting is, creates it, asks again, and joins with the time of the create."""
        balancer, found = self.fronted()
        for number in range(6):
            status, answer = balancer.call("moodle", "getMeetingInfo", meetingID="room")
            self.assertEqual((status, answer.findtext("messageKey")), (200, None if number else "notFound"))
            made = self.created(balancer, "moodle", "room")
            info = balancer.call("moodle", "getMeetingInfo", meetingID="room")[1]
            same = ("createTime", "internalMeetingID", "meetingID")
            self.assertEqual([info.findtext(name) for name in same], [made[name] for name in same])
            home = balancer.home(found, "moodle", "room")
            client = self.joined(balancer, "moodle", "room", createTime=made["createTime"], password="mp")
            self.assertEqual(client, f"https://bbb.example.com/{home.domain[:6]}/html5client/?sessionToken=x")
        self.assertEqual(sum(len(node.meetings) for node in found), 1)

    def test_brings_slides_of_30_mb_to_the_node_byte_for_byte(self):
        balancer, (node,) = self.fronted(1)
        content = base64.b64encode(os.urandom(MEGABYTES << 20)).decode()
        for number, kind in enumerate(KINDS):
            with self.subTest(kind):
                document = f'<document name="{number} ä.pdf">{content}</document>'
                body = (
                    f'<?xml version="1.0"?><modules><module name="presentation">{document}</module></modules>'.encode()
                )
                self.created(balancer, "moodle", f"room{number}", body, kind)
                self.assertEqual(hashlib.sha256(node.posted[-1]).digest(), hashlib.sha256(body).digest())
                self.assertEqual(len(node.posted), number + 1)

    def test_finds_its_recordings_among_a_hundred_ids(self):
        balancer, (node,) = self.fronted(1)
        there = [identity(number) for number in (1, 50, 100)]
        for record in there:
            publish(balancer, node, record, "moodle")
        publish(balancer, node, identity(51), "greenlight")
        ids = ",".join(identity(number) for number in range(1, 101))
        status, records = listed(balancer, "moodle", recordID=ids, state="any")
        self.assertEqual((status, sorted(records)), (200, sorted(there)))
        self.assertEqual(listed(balancer, "greenlight", recordID=ids), (200, [identity(51)]))


class Callbacks(Asked):
    def test_of_an_end_come_once_and_what_a_frontend_has_for_its_own_goes_to_the_node_as_it_is(self):
        frontend = self.frontend()
        balancer, (node,) = self.fronted(1)
        own = {"meta_endCallbackUrl": f"{frontend.url}/greenlight?a=b&c=%20d"}
        self.created(balancer, "moodle", "room", meetingEndedURL=f"{frontend.url}/end?x=y", **own)
        meeting = node.meetings["room-bbblb-moodle"]
        self.assertEqual(meeting["meta_endCallbackUrl"], own["meta_endCallbackUrl"])
        self.assertEqual(_asked(meeting["meetingEndedURL"]), 200)
        eventually(lambda: frontend.called("/end"), "the frontend is called")
        balancer.polled(node, 3)
        self.assertEqual([path.partition("&")[0] for path, _ in frontend.calls], ["/end?x=y"])

    def test_of_a_recording_come_once_signed_with_the_secret_of_the_tenant(self):
        frontend = self.frontend()
        balancer, (node,) = self.fronted(1)
        ready = {"meta_bbb-recording-ready-url": f"{frontend.url}/ready"}
        made = self.created(balancer, "greenlight", "room", record="true", **ready)
        meeting = node.meetings["room-bbblb-greenlight"]
        record = made["internalMeetingID"]
        self.assertEqual(record, meeting["internal"])
        publish(balancer, node, record, "greenlight", meeting["meta_bbblb-uuid"])
        eventually(lambda: frontend.called("/ready"), "the frontend is called")
        balancer.polled(node, 3)
        (body,) = frontend.called("/ready")
        (token,) = urllib.parse.parse_qs(body)["signed_parameters"]
        self.assertEqual(_opened(token, "greenlight-secret"), {"meeting_id": "room", "record_id": record})


class Greenlight(Asked):
    def test_joins_with_the_time_of_an_earlier_create_and_not_with_that_of_another_meeting(self):
        balancer, found = self.fronted()
        first = self.created(balancer, "greenlight", "room")["createTime"]
        self.assertEqual(self.created(balancer, "greenlight", "room")["createTime"], first)
        self.assertIn("/html5client/", self.joined(balancer, "greenlight", "room", createTime=first))
        with self.assertRaisesRegex(AssertionError, "mismatchCreateTimeParam"):
            self.joined(balancer, "greenlight", "room", createTime=int(first) - 1)
        self.assertEqual(sum(len(node.meetings) for node in found), 1)

    def test_gives_a_create_up_and_tries_again_and_the_room_is_one(self):
        """Its client waits 10 seconds; what it has given up comes to its end at the node."""
        balancer, found = self.fronted()
        for node in found:
            node.fail("hangs at create")
        connection = balancer.connection(TENANTS["greenlight"])
        connection.request("GET", signed("greenlight", "create", meetingID="room", name="room"))
        eventually(lambda: any(balancer.meetings_on(node) for node in found), "the create is on its way")
        connection.close()
        with ThreadPoolExecutor(1) as pool:
            again = pool.submit(self.created, balancer, "greenlight", "room")
            eventually(lambda: sum(node.hanging for node in found) == 2, "both have come to the node")
            for node in found:
                node.fail("")
            again = again.result()
        self.assertEqual(self.created(balancer, "greenlight", "room")["messageKey"], "duplicateWarning")
        home = balancer.home(found, "greenlight", "room")
        self.assertEqual(again["internalMeetingID"], home.meetings["room-bbblb-greenlight"]["internal"])
        self.assertEqual(sum(len(node.meetings) for node in found), 1)


def _asked(url):
    """The status with which a node's call is answered."""
    with urllib.request.urlopen(url, context=ssl.create_default_context(cafile=CERTIFICATE)) as answer:
        return answer.status


def _opened(token, secret):
    """What a JSON web token says, if it was signed with a secret."""
    text, _, signature = token.rpartition(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in text.split("."))
    assert head["alg"] == "HS256", head
    wanted = base64.urlsafe_b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).rstrip(b"=").decode()
    assert hmac.compare_digest(signature, wanted), "it is signed with another secret"
    return claims
