"""An administrator's own sites in the proxy's nginx: what they may not claim, and Debian's, which claims everything."""

from __future__ import annotations

import re

from . import files
from .failure import Failure
from .files import Change

FOLDERS = ("/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*")
OURS = "/etc/nginx/conf.d/bbb-cluster"
DEFAULT, DEBIANS = "/etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default"
PORTS = ("80", "443")
# Of every address, or of this machine alone.
_HARMLESS = re.compile(r"(\*|0\.0\.0\.0|\[::(0|1)?\]|127\.[\d.]+|localhost)?$")
# What nginx takes once for a port, from the cluster's own `listen`; even of another address it would keep nginx away.
_OF_THE_PORT = re.compile(
    r"(backlog|rcvbuf|sndbuf|accept_filter|fastopen|setfib|ipv6only|so_keepalive)=|(deferred|bind|reuseport)$"
)


def without_debians() -> list[Change]:
    """What takes away the site that Debian enables with the package: it wants what nobody else is asked for."""
    return [Change(DEFAULT, None)] if files.link_of(DEFAULT) == DEBIANS else []


def refuse_conflicts(hostname: str) -> None:
    """A Failure when a site that is not ours would take the cluster's requests, or keep nginx from starting."""
    found = [f"{path} {why}" for path, why in conflicts(hostname)]
    if found:
        raise Failure(f"own sites of nginx are in the way: {'; '.join(found)}; then run again")


def conflicts(hostname: str) -> list[tuple[str, str]]:
    """The files of others that claim what is the cluster's, and what to do about each."""
    found = [
        (path, why)
        for path in _foreign()
        for server in re.split(r"\bserver\s*\{", re.sub(r"(^|\s)#.*", "", files.text(path)))[1:]
        for why in _about(server, hostname)
    ]
    return list(dict.fromkeys(found))


def _about(server: str, hostname: str) -> list[str]:
    places = [(*_place(words[0]), set(words[1:])) for words in _words("listen", server)] or [("", "80", set())]
    places = [place for place in places if place[1] in PORTS]
    said = []
    for address, port, options in places:
        if options & {"default_server", "default"}:
            said.append(f"wants to be the default server of port {port}: take `default_server` away")
        if not _HARMLESS.match(address):
            said.append(f"would answer for the cluster on {address}: write `listen {port}` without the address")
        own = sorted(option for option in options if _OF_THE_PORT.match(option))
        if own:
            said.append(f"sets {', '.join(own)} of port {port}, of which the cluster's word counts: take that away")
        # Of a port, not of a site: users' browsers do not begin with it.
        if "proxy_protocol" in options:
            said.append(f"wants PROXY headers on port {port}, the cluster's, too: take `proxy_protocol` away")
    names = [name.lower().lstrip(".") for words in _words("server_name", server) for name in words]
    if places and hostname in names:
        said.append(f"has the cluster's `server_name` {hostname}: give it another one")
    return said


def _words(directive: str, server: str) -> list[list[str]]:
    found = re.findall(rf"\b{directive}\s+([^;{{}}]+);", server)
    return [[word.strip("'\"") for word in match.split()] for match in found]


def _place(where: str) -> tuple[str, str]:
    """Address and port of a `listen`."""
    address, _, port = where.rpartition(":")
    if address == "unix":
        return address, ""
    if where.isdigit():
        return "", where
    return (address, port) if port.isdigit() else (where, "80")


def _foreign() -> list[str]:
    gone = {change.path for change in without_debians()}
    return [path for path in files.matching(*FOLDERS) if not path.startswith(OURS) and path not in gone]
