"""BigBlueButton releases: what is installed, and which profile fits."""

from __future__ import annotations

import re

from ..system import files
from ..system.failure import Failure

RELEASE_FILE = "/etc/bigbluebutton/bigbluebutton-release"
_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:[-~.]?(alpha|beta|rc)[-.]?(\d*))?")


def parse(text: str) -> tuple:
    """A release in a form that sorts: 3.0.0-beta.1 < 3.0.0 < 3.0.28 < 4.0."""
    match = _RELEASE.fullmatch(text.strip())
    if not match:
        raise Failure(f"`{text}` is not a BigBlueButton release such as 3.0 or 3.0.30")
    major, minor, patch, stage, number = match.groups()
    return (int(major), int(minor), int(patch or 0), stage or "zzz", int(number or 0))


def belongs(installed: str, wanted: str) -> bool:
    """Whether an installed release is of the wanted line (3.0) or is the wanted one (3.0.30)."""
    return parse(installed) == parse(wanted) if wanted.count(".") > 1 else same_line(installed, wanted)


def same_line(one: str, other: str) -> bool:
    """Whether two releases are of one line."""
    return parse(one)[:2] == parse(other)[:2]


def installed() -> str | None:
    """The release that is installed on this machine, None when there is none."""
    found = files.read(RELEASE_FILE)
    if not found:
        return None
    match = re.search(r'^BIGBLUEBUTTON_RELEASE="?([^"\s]+)', found.content.decode("utf-8", "replace"), re.MULTILINE)
    if not match:
        raise Failure(f"{RELEASE_FILE} does not say BIGBLUEBUTTON_RELEASE=…: install BigBlueButton again")
    return match.group(1)


def choose(profiles: list[dict], release: str) -> dict:
    """The profile for a release: from <= release < before (null: no end)."""
    here = parse(release)
    for profile in profiles:
        before = profile.get("before")
        if parse(profile["from"]) <= here and (before is None or here < parse(before)):
            return profile
    known = ", ".join(f"{p['from']} up to {p.get('before') or 'any'}" for p in profiles) or "none"
    raise Failure(f"there is no profile for BigBlueButton {release}: this program knows {known}; install one of these")
