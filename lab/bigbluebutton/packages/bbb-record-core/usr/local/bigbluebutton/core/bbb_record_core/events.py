"""A meeting's events.xml, of what redis has of it."""

import os
import xml.etree.ElementTree as tree

from bbb_common.redis import redis


def write(meeting, folder):
    """Writes it; whether somebody has pressed the button."""
    known = redis("hgetall", f"meeting:info:{meeting}")
    info = dict(zip(known[::2], known[1::2], strict=True))
    kinds = redis("lrange", f"meeting:{meeting}:recordings", 0, -1)
    root = tree.Element("recording", {"meeting_id": meeting, "bbb_version": "@RELEASE@"})
    tree.SubElement(root, "meeting", {"id": meeting, "externalId": info.get("meetingId", "")})
    tree.SubElement(root, "metadata", info)
    for kind in kinds:
        tree.SubElement(root, "event", {"eventname": kind, "module": "PARTICIPANT"})
    os.makedirs(folder, exist_ok=True)
    tree.ElementTree(root).write(f"{folder}/events.xml", encoding="UTF-8", xml_declaration=True)
    return "RecordStatusEvent" in kinds


def metadata(folder):
    """What was written about the meeting, metadata of its creator among it."""
    return dict(tree.parse(f"{folder}/events.xml").getroot().find("metadata").attrib)
