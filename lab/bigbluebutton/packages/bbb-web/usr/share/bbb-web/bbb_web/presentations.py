"""Slides on disk, where nginx finds them; every page is an SVG image."""

import base64
import html
import os
import secrets
import shutil
import time
from dataclasses import dataclass, field

from bbb_common.places import place

FOLDER = place("/var/bigbluebutton")
_IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass
class Presentation:
    """A presentation; `upload_token` is what the next one is uploaded with."""

    pages: int
    presentation_id: str = field(default_factory=lambda: f"{secrets.token_hex(20)}-{int(time.time() * 1000)}")
    upload_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))


def default(meeting):
    """The presentation that a meeting begins with."""
    return _write(meeting, [_text_page(f"Welcome to {meeting.name}"), _text_page("This is the second slide")])


def uploaded(meeting, name, content):
    """A presentation of one page from an uploaded file: images are shown, of anything else only the name."""
    kind = next((kind for start, kind in _IMAGES.items() if content.startswith(start)), None)
    if kind:
        data = base64.b64encode(content).decode()
        return _write(meeting, [_page(f'<image width="1280" height="720" href="data:{kind};base64,{data}"/>')])
    if content.lstrip().startswith((b"<svg", b"<?xml")):
        return _write(meeting, [content.decode()])
    return _write(meeting, [_text_page(name)])


def pages(meeting, base):
    """The addresses of the pages, below presentationBaseURL."""
    shown = meeting.presentation
    path = f"{base}/{meeting.internal_id}/{meeting.internal_id}/{shown.presentation_id}/svg"
    return [f"{path}/{number + 1}" for number in range(shown.pages)]


def remove(meeting):
    """Deletes the slides of a meeting that is over."""
    shutil.rmtree(f"{FOLDER}/{meeting.internal_id}", ignore_errors=True)


def _write(meeting, texts):
    shown = Presentation(len(texts))
    folder = f"{FOLDER}/{meeting.internal_id}/{meeting.internal_id}/{shown.presentation_id}"
    os.makedirs(f"{folder}/svgs", exist_ok=True)
    for number, text in enumerate(texts):
        with open(f"{folder}/svgs/slide{number + 1}.svg", "w", encoding="utf-8") as file:
            file.write(text)
    return shown


def _text_page(text):
    escaped = html.escape(text)
    return _page(
        f'<rect width="1280" height="720" fill="#fff"/><text x="640" y="360" font-size="56" font-family="sans-serif" '
        f'text-anchor="middle" fill="#06172a">{escaped}</text>'
    )


def _page(content):
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720">{content}</svg>\n'
