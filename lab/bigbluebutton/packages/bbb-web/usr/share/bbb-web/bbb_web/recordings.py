"""Recordings as the API tells of them: what lies in /var/bigbluebutton, one metadata.xml per recording and format."""

import glob
import hashlib
import os
import shutil
import xml.etree.ElementTree as tree

from bbb_common.places import place

FOLDER = place("/var/bigbluebutton")
_STATES = ("published", "unpublished", "deleted")


class Refused(Exception):
    """A call that failed, with BigBlueButton's key and sentence."""


def get(parameters):
    """getRecordings: by record ids, else by meeting ids; without a state, what is published or unpublished."""
    wanted = _ids(parameters.get("recordID")) or [
        hashlib.sha1(each.encode()).hexdigest() for each in _ids(parameters.get("meetingID"))
    ]
    states = _ids(parameters.get("state")) or ["published", "unpublished"]
    found = {}
    for state, metadata in _all():
        record_id = metadata.findtext("id")
        if (state in states or "any" in states) and (not wanted or any(record_id.startswith(each) for each in wanted)):
            found.setdefault(record_id, []).append((state, metadata))
    begin = int(parameters.get("offset") or 0)
    shown = list(found.values())[begin : begin + int(parameters["limit"]) if parameters.get("limit") else None]
    reply = {"returncode": "SUCCESS", "recordings": [("recording", _describe(formats)) for formats in shown]}
    if shown:
        return reply
    return {**reply, "messageKey": "noRecordings", "message": "There are no recordings for the meeting(s)."}


def publish(parameters):
    """publishRecordings: moves recordings between what is shown and what is not."""
    wanted = _required(parameters, "recordID", "missingParamRecordID", "You must specify a recordID.")
    value = _required(parameters, "publish", "missingParamPublish", "You must specify a publish value true or false.")
    _move(wanted, "published" if value.lower() == "true" else "unpublished")
    return {"returncode": "SUCCESS", "published": value}


def delete(parameters):
    """deleteRecordings"""
    _move(_required(parameters, "recordID", "missingParamRecordID", "You must specify a recordID."), "deleted")
    return {"returncode": "SUCCESS", "deleted": True}


def update(parameters):
    """updateRecordings: sets metadata."""
    wanted = _required(parameters, "recordID", "missingParamRecordID", "You must specify a recordID.")
    for _, path, metadata in _existing(wanted):
        meta = metadata.find("meta")
        for name, value in parameters.items():
            if name.startswith("meta_"):
                key = name.removeprefix("meta_").lower()
                entry = meta.find(key)
                (tree.SubElement(meta, key) if entry is None else entry).text = value
        tree.ElementTree(metadata).write(path)
    return {"returncode": "SUCCESS", "updated": True}


def _describe(formats):
    state, metadata = formats[0]
    text = metadata.findtext
    meta = {each.tag: each.text or "" for each in metadata.find("meta")}
    return {
        "recordID": text("id"),
        "meetingID": meta.get("meetingId", ""),
        "internalMeetingID": text("id"),
        "name": meta.get("meetingName", ""),
        "isBreakout": meta.get("isBreakout", "false"),
        "published": state == "published",
        "state": state,
        "startTime": text("start_time"),
        "endTime": text("end_time"),
        "participants": text("participants") or 0,
        "metadata": list(meta.items()),
        "playback": [("format", _format(metadata.find("playback"))) for _, metadata in formats],
    }


def _format(playback):
    return {
        "type": playback.findtext("format"),
        "url": (playback.findtext("link") or "").strip(),
        "processingTime": playback.findtext("processing_time") or 0,
        "length": int(playback.findtext("duration") or 0) // 60_000,
    }


def _move(wanted, target):
    for state, path, metadata in _existing(wanted):
        metadata.find("state").text = target
        metadata.find("published").text = str(target == "published").lower()
        tree.ElementTree(metadata).write(path)
        if state != target:
            folder = os.path.dirname(path)
            destination = folder.replace(f"/{state}/", f"/{target}/", 1)
            os.makedirs(os.path.dirname(destination), exist_ok=True)
            shutil.move(folder, destination)


def _existing(wanted):
    found = [each for each in _files() if each[2].findtext("id") in _ids(wanted)]
    if not found:
        raise Refused("notFound", "We could not find recordings")
    return found


def _all():
    return [(state, metadata) for state, _, metadata in _files()]


def _files():
    return [
        (state, path, tree.parse(path).getroot())
        for state in _STATES
        for path in sorted(glob.glob(f"{FOLDER}/{state}/*/*/metadata.xml"))
    ]


def _ids(text):
    return [each.strip() for each in (text or "").split(",") if each.strip()]


def _required(parameters, name, key, message):
    if not parameters.get(name):
        raise Refused(key, message)
    return parameters[name]
