"""Numbers in BigBlueButton's answers."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element


def number(element: Element, name: str) -> int:
    """0 or more; 0 where it is missing. Some are written as a locale has them: 1,202 (bigbluebutton#22102)."""
    return int(re.sub(r"\D", "", element.findtext(name) or "", flags=re.ASCII) or 0)
