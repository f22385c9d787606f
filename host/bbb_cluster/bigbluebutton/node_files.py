"""The files of every node behind a proxy."""

from __future__ import annotations

from . import shipped


def of(node: str, hostname: str, proxy_hostname: str) -> list:
    """The files as a request has them."""
    return shipped.read("node_files.json", node=node, nodeHostname=hostname, proxyHostname=proxy_hostname)["files"]
