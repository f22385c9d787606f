"""What nginx is told of a node: it comes with these programs, and one node's names are put in here."""

from __future__ import annotations

import json
import os

# Written by the program that brings these here (`npm run generate`).
TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "route_texts.json")


def of(client: str, node: str, hostname: str, address: str) -> dict[str, list[str]]:
    """The lines of `upstream` and `locations` for a node whose client is `static` or `meteor`."""
    with open(TEXTS, encoding="utf-8") as file:
        text = file.read()
    for placeholder, name in (("node", node), ("nodeHostname", hostname), ("nodeAddress", address)):
        text = text.replace(f"{{{placeholder}}}", name)
    return json.loads(text)[client]
