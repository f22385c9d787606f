"""The release of BigBlueButton that is installed on this machine."""

from __future__ import annotations

import re

from ..settings import releases
from ..system import files
from ..system.failure import Failure

RELEASE_FILE = "/etc/bigbluebutton/bigbluebutton-release"


def installed() -> str | None:
    """The installed release, None when there is none."""
    current = files.read(RELEASE_FILE)
    if not current:
        return None
    match = re.search(r'^BIGBLUEBUTTON_RELEASE="?([^"\s]+)', current.content.decode("utf-8", "replace"), re.MULTILINE)
    if not match:
        raise Failure(f"{RELEASE_FILE} does not say BIGBLUEBUTTON_RELEASE=…: install BigBlueButton again")
    return match.group(1)


def of_line(wanted: str) -> str | None:
    """The installed release, None when there is none; another line than the wanted one is refused."""
    here = installed()
    if here is not None and not releases.same_line(here, wanted):
        raise Failure(f"BigBlueButton {here} is installed, wanted is {wanted}: replace this node to change lines")
    return here
