"""What nginx is told of a node."""

from __future__ import annotations

from . import shipped


def of(client: str, node: str, hostname: str, address: str) -> dict[str, list[str]]:
    """The lines of `upstream` and `locations` for a node whose client is `static` or `meteor`."""
    return shipped.read("route_texts.json", node=node, nodeHostname=hostname, nodeAddress=address)[client]
