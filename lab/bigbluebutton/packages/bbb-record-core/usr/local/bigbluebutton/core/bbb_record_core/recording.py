"""What a recording is made of once it is published: metadata.xml, and the files that upstream's players ask for."""

import os
import shutil
import time
import xml.etree.ElementTree as tree

from bbb_record_core import events
from bbb_record_core.places import BASE, RECORDING

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sample.webm")
SLIDE = '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="1600" height="900"/></svg>\n'
# Besides metadata.xml, by format: the players ask for these.
_TEXTS = {
    "presentation": {
        "shapes.svg": SLIDE,
        "panzooms.xml": '<recording id="panzoom_events"/>\n',
        "cursor.xml": '<recording id="cursor_events"/>\n',
        "deskshare.xml": '<recording id="deskshare_events"/>\n',
        "slides_new.xml": "<popcorn/>\n",
        "presentation_text.json": "{}\n",
        "captions.json": "[]\n",
        "notes.html": "<p></p>\n",
        "polls.json": "[]\n",
        "external_videos.json": "[]\n",
    },
    "video": {"captions.json": "[]\n"},
}
_VIDEOS = {"presentation": "video/webcams.webm", "video": "video-0.webm"}
_LINKS = {"presentation": "/playback/presentation/2.3/{}", "video": "/playback/video/{}/"}


def publish(meeting, name, settings):
    """Publishes a format all at once: others may look at any moment."""
    made = f"{RECORDING}/publish/{name}/{meeting}"
    os.makedirs(os.path.dirname(f"{made}/{_VIDEOS[name]}"), exist_ok=True)
    for file, text in _TEXTS[name].items():
        with open(f"{made}/{file}", "w", encoding="utf-8") as target:
            target.write(text)
    shutil.copy(SAMPLE, f"{made}/{_VIDEOS[name]}")
    _describe(meeting, name, settings, made)
    os.makedirs(f"{BASE}/published/{name}", exist_ok=True)
    shutil.rmtree(f"{BASE}/published/{name}/{meeting}", ignore_errors=True)
    os.rename(made, f"{BASE}/published/{name}/{meeting}")


def _describe(meeting, name, settings, folder):
    created = int(meeting.rpartition("-")[2])
    ended = int(time.time() * 1000)
    root = tree.Element("recording")
    texts = {"id": meeting, "state": "published", "published": "true", "start_time": created, "end_time": ended}
    for tag, text in {**texts, "participants": 1}.items():
        tree.SubElement(root, tag).text = str(text)
    meta = tree.SubElement(root, "meta")
    for tag, text in sorted(events.metadata(f"{RECORDING}/raw/{meeting}").items()):
        tree.SubElement(meta, tag).text = text
    playback = tree.SubElement(root, "playback")
    link = f"{settings.get('playback_protocol')}://{settings.get('playback_host')}{_LINKS[name].format(meeting)}"
    size = sum(os.path.getsize(os.path.join(above, file)) for above, _, files in os.walk(folder) for file in files)
    details = {"format": name, "link": link, "processing_time": 100, "duration": ended - created, "size": size}
    for tag, text in details.items():
        tree.SubElement(playback, tag).text = str(text)
    tree.ElementTree(root).write(f"{folder}/metadata.xml", encoding="UTF-8", xml_declaration=True)
