"""Recordings as a node uploads them."""

import base64
import hashlib
import hmac
import io
import json
import tarfile
import time

import nodes
from waiting import eventually


def signed(header, claims, secret):
    """A JSON web token."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT", **header}, claims)]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    digest = hmac.digest(secret.encode(), text, "sha256")
    return (text + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def identity(number):
    """The id of a recording."""
    return f"{hashlib.sha1(str(number).encode()).hexdigest()}-{1790000000000 + number}"


def archive(record, tenant, uuid="", kind="presentation"):
    """A recording that was processed to one format, as a tar."""
    tags = f"<meetingId>room-bbblb-{tenant}</meetingId><meetingName>Room</meetingName><subject>algebra</subject>"
    tags += f"<bbblb-tenant>{tenant}</bbblb-tenant>" + (f"<bbblb-uuid>{uuid}</bbblb-uuid>" if uuid else "")
    times = "<start_time>1790000000000</start_time><end_time>1790000060000</end_time>"
    playback = f"<playback><format>{kind}</format><link>https://n/playback/{kind}/2.3/{record}</link>"
    playback += "<duration>60000</duration><size>5</size></playback>"
    text = f"<recording><id>{record}</id><state>published</state><published>true</published>{times}"
    text += f"<participants>2</participants><meta>{tags}</meta>{playback}</recording>"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        entry = tarfile.TarInfo(f"{kind}/{record}/metadata.xml")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue()


def upload(balancer, node, content):
    """The status of the answer to an upload."""
    claims = {"aud": "lb.example.com", "exp": int(time.time()) + 600}
    token = signed({"kid": f"bbb:{node.domain}"}, claims, nodes.SECRET)
    headers = {"Content-Type": "application/x-tar", "Authorization": f"Bearer {token}"}
    return balancer.ask("/bbblb/api/v1/recording/upload", "lb.example.com", content, headers)[0]


def publish(balancer, node, record, tenant, uuid="", kind="presentation"):
    """Uploads a recording, and waits until it can be found."""
    status = upload(balancer, node, archive(record, tenant, uuid, kind))
    assert status == 202, f"the upload was answered by {status}: {balancer.said()}"
    eventually(lambda: kind in formats(balancer, tenant, record), f"{record} is listed")


def formats(balancer, tenant, record):
    """In which formats a tenant is told of a recording."""
    _, answer = balancer.call(tenant, "getRecordings", recordID=record)
    return sorted(one.text for one in answer.iterfind(".//playback/format/type")) if answer is not None else []


def listed(balancer, tenant, **filters):
    """Status, and the recordings that a tenant is told of."""
    status, answer = balancer.call(tenant, "getRecordings", **filters)
    return status, [one.findtext("recordID") for one in answer.iter("recording")] if answer is not None else []
