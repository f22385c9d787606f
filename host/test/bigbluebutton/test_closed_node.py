"""Which calls a closed node refuses: with the real nginx where there is one."""

import random
import unittest
from urllib.parse import quote

import real_nginx
from bbb_cluster.bigbluebutton.create_call import FORM, MULTIPART
from bbb_cluster.bigbluebutton.responder import REFUSAL
from closed_node import ClosedNode

API = "/bigbluebutton/api"
RUNNING = ["random-123", "a/b", "räum 1 + ~*", "50%", "x=y&z;", "数学", "../../etc", "q" * 256, "'\"<a>"]
NEW = ["new", "random-1234", "Random-123", "a", "räum 1", "50%25", "x", "q" * 200, "a//b", "%2e%2e"]
REFUSED = (200, "text/xml", REFUSAL.decode())
UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
# What RFC 3986 lets stand in a query as it is, and means nothing in a form.
PLAIN = UNRESERVED + "!$'()*,:@/?;"


def spelled(text, chance, spaces=False):
    """One of the spellings that RFC 3986 and forms have for a text."""
    found = ""
    for character in text:
        if spaces and character == " " and chance.random() < 0.5:
            found += "+"
        elif character in PLAIN and chance.random() < 0.6:
            found += character
        else:
            coded = "".join(f"%{byte:02X}" for byte in character.encode())
            found += coded if chance.random() < 0.5 else coded.lower()
    return found


def query(meeting_id, chance):
    """A query, or a form, with that id somewhere."""
    pairs = [
        "name=a+b%26meetingID%3Dx",
        "checksum=0a",
        "attendeePW",
        "meta_a=%zz",
        "MEETINGID=random-123",
        "xmeetingID=new",
    ]
    chosen = chance.sample(pairs, chance.randrange(len(pairs)))
    name = "meetingID" if chance.random() < 0.7 else spelled("meetingID", chance)
    chosen.insert(chance.randrange(len(chosen) + 1), f"{name}={spelled(meeting_id, chance, spaces=True)}")
    return "&".join(chosen)


def multipart(meeting_id, chance):
    """A form as browsers and libraries send files with it."""
    mark = f"----{chance.randrange(10**12)}"
    parts = [("name", "new"), ('file"; filename="a.pdf', "%PDF\r\n\r\nmeetingID=new\r\n\x00\x80")]
    parts.insert(chance.randrange(3), ("meetingID", meeting_id))
    more = chance.choice(["", "\r\nContent-Type: text/plain; charset=UTF-8", "\r\nContent-Transfer-Encoding: 8bit"])
    text = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n' for name, value in parts
    )
    kind = chance.choice([f"{MULTIPART}; boundary={mark}", f'multipart/form-data;charset=utf-8; boundary="{mark}"'])
    return kind, f"{text}--{mark}--\r\n".encode()


def call(meeting_id, chance):
    """A `create` of that meeting in one of the ways that BigBlueButton takes."""
    path = API + chance.choice(
        ["/create", "/create", "/create/", "/cre%61te", "//create", "/./create", "/create.xml", "/create/x"]
    )
    way = chance.choice(["get", "get", "form", "multipart", "xml", "empty"])
    with_query = f"{path}?{query(meeting_id, chance)}"
    if way == "get":
        return "GET", with_query, None, b""
    if way == "form":
        kind = chance.choice([FORM, FORM.title(), f"{FORM}; charset=UTF-8"])
        return "POST", chance.choice([path, f"{path}?checksum=0a"]), kind, query(meeting_id, chance).encode()
    if way == "multipart":
        return "POST", path, *multipart(meeting_id, chance)
    document = (
        f"<modules><module name='presentation'><document>meetingID=new{chance.random()}</document></module></modules>"
    )
    kind = chance.choice(["application/xml", "text/xml; charset=utf-8"])
    return ("POST", with_query, kind, document.encode()) if way == "xml" else ("POST", with_query, None, b"")


@unittest.skipUnless(real_nginx.can_be_tried(), "needs nginx and network namespaces")
class Closed(ClosedNode):
    def passed_unchanged(self, request, outcome):
        method, target, kind, body = request
        _, mark, asked = target.partition("?")
        self.assertEqual(outcome, (method, f"{API}/create{mark}{asked}", kind, body), request)

    def test_running_meetings_are_created_again_and_new_ones_are_refused_however_that_is_written(self):
        chance = random.Random(22)
        wanted = [chance.choice(RUNNING + NEW) for _ in range(400)]
        requests = [call(meeting_id, chance) for meeting_id in wanted]
        self.close(*RUNNING)
        outcomes = self.ask(requests)
        self.assertEqual(len(outcomes), len(requests))
        for meeting_id, request, outcome in zip(wanted, requests, outcomes):
            with self.subTest(meeting=meeting_id, request=request):
                if meeting_id in NEW:
                    self.assertEqual(outcome, REFUSED)
                else:
                    self.passed_unchanged(request, outcome)

    def test_what_names_no_meeting_or_more_than_one_or_cannot_be_read_is_refused(self):
        chance = random.Random(1)
        kind, body = multipart("random-123", chance)
        running = f"{API}/create?meetingID=random-123"
        requests = [
            ("GET", f"{API}/create", None, b""),
            ("GET", f"{API}/create?meetingid=random-123", None, b""),
            ("GET", f"{running}&meetingID=new", None, b""),
            ("POST", running, FORM, b"meetingID=new"),
            ("POST", running, FORM, b"meeting%49D=new"),
            ("POST", running, *multipart("new", chance)),
            ("POST", f"{API}/create", kind, body[:-9]),
            ("POST", f"{API}/create", MULTIPART, body),
            ("POST", running, f"{FORM}; charset=utf-16", "meetingID=new".encode("utf-16")),
            # Python's parser gives up at this.
            ("POST", running, "multipart/form-data; boundary*=;boundary*1=", body),
        ]
        self.close(*RUNNING)
        for request, outcome in zip(requests, self.ask(requests)):
            self.assertEqual(outcome, REFUSED, request)

    def test_every_other_call_reaches_bbb_web_as_it_was_sent(self):
        requests = [
            ("GET", f"{API}/{name}?meetingID=new", None, b"") for name in ("join", "end", "getMeetings", "createX")
        ]
        requests += [
            ("POST", f"{API}/insertDocument?meetingID=new", "application/xml", b"<modules/>"),
            ("GET", API, None, b""),
        ]
        self.close()
        for request, outcome in zip(requests, self.ask(requests)):
            self.assertEqual(outcome, request)

    def test_documents_as_large_as_bigbluebutton_takes_them_pass(self):
        large = b"<modules>" + b"x" * (20 << 20)
        self.close("a")
        request = ("POST", f"{API}/create?meetingID=a", "application/xml", large)
        (outcome,) = self.ask([request])
        self.passed_unchanged(request, outcome)

    def test_when_the_responder_is_gone_the_node_is_open_without_a_reload(self):
        self.close()
        self.stop()
        request = ("POST", f"{API}/create/?a=b", FORM, b"meetingID=" + quote("ä").encode())
        (outcome,) = self.ask([request])
        self.passed_unchanged(request, outcome)


if __name__ == "__main__":
    unittest.main()
