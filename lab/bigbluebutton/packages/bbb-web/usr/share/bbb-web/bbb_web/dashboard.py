"""The report of the learning dashboard: a folder per meeting, which nginx serves."""

import html
import json
import os
import shutil

from bbb_common.places import place

FOLDER = place("/var/bigbluebutton/learning-dashboard")


def write(meeting):
    """Writes who is, or was, in the meeting."""
    folder = f"{FOLDER}/{meeting.internal_id}"
    os.makedirs(folder, exist_ok=True)
    names = [user.name for user in meeting.users]
    report = {"intId": meeting.internal_id, "extId": meeting.meeting_id, "name": meeting.name, "users": names}
    with open(f"{folder}/learning_dashboard_data.json", "w", encoding="utf-8") as file:
        json.dump(report, file)
    people = "".join(f"<li>{html.escape(name)}</li>" for name in names)
    with open(f"{folder}/index.html", "w", encoding="utf-8") as file:
        file.write(
            f"<!doctype html><html lang=en><meta charset=utf-8><title>Learning analytics dashboard</title>"
            f"<h1>{html.escape(meeting.name)}</h1><ul>{people}</ul>\n"
        )


def remove(meeting):
    """Deletes the report of a meeting that is over."""
    shutil.rmtree(f"{FOLDER}/{meeting.internal_id}", ignore_errors=True)
