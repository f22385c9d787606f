"""What of the plan comes with these programs: the same for every node, whose names are put in here."""

from __future__ import annotations

import json
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))


def read(name: str, **names: str) -> dict:
    """A file that `npm run generate` has written, with each `{name}` in it replaced."""
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        text = file.read()
    for placeholder, value in names.items():
        text = text.replace(f"{{{placeholder}}}", value)
    return json.loads(text)
