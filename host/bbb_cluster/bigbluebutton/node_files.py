"""The files of every node behind a proxy: they come with these programs, and one node's names are put in here."""

from __future__ import annotations

import json
import os

# Written by the program that brings these here (`npm run generate`).
ROWS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node_files.json")


def of(node: str, hostname: str, proxy_hostname: str) -> list:
    """The files as a request has them."""
    with open(ROWS, encoding="utf-8") as file:
        text = file.read()
    for placeholder, name in (("node", node), ("nodeHostname", hostname), ("proxyHostname", proxy_hostname)):
        text = text.replace(f"{{{placeholder}}}", name)
    return json.loads(text)["files"]
