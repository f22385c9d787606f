"""Whether somebody is relayed of whom a firewall lets out HTTPS alone: TURN over TLS, without a packet of UDP."""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import dataclass, field

from ..system import curl, verified
from ..system.failure import Failure
from ..system.progress import hide
from . import stun
from .stun import Answer

SECONDS = 10
# RFC 7065; over TLS, TCP is what is meant if nothing is said.
_OVER_TLS = r"turns:(\[[^]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=tcp)?"


@dataclass(frozen=True)
class Server:
    """A TURN server as a node names it to a user, with what it gave that user to be let in."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)


def named(stuns: curl.Answer) -> list[Server]:
    """Those that are reached by TLS over TCP, of bbb-web's answer to `stuns`; Failure when that names none."""
    try:
        servers = json.loads(stuns.body)["turnServers"]
        found = [(re.fullmatch(_OVER_TLS, each["url"]), each["username"], each["password"]) for each in servers]
    except (ValueError, KeyError, TypeError):
        raise Failure(f"the node does not say which TURN servers there are: {stuns.reason}") from None
    over_tls = [Server(url[1].strip("[]"), int(url[2] or 5349), user, password) for url, user, password in found if url]
    if not over_tls:
        raise Failure("the node names no TURN server that is reached over TLS (turn-stun-servers.xml)")
    return over_tls


def relay(server: Server) -> None:
    """Has a place made from which media would be relayed, and gives it back; a Failure says why there is none."""
    hide(server.password)
    where = f"the TURN server {server.host}:{server.port}"
    try:
        with verified.connect(server.host, server.port, SECONDS) as connection:
            refused = _allocate(connection, server)
    except (OSError, ValueError) as error:
        raise Failure(f"{where} cannot be used over TLS: {error}") from None
    if refused:
        raise Failure(f"{where} relays nothing: {refused}")


def _allocate(connection: ssl.SSLSocket, server: Server) -> str:
    """Why it was refused; empty: it was not."""
    wanted = {stun.REQUESTED_TRANSPORT: stun.UDP}
    # The first answer says by what to sign.
    asked = _exchange(connection, stun.request(stun.ALLOCATE, wanted))
    realm, nonce = asked.attributes.get(stun.REALM), asked.attributes.get(stun.NONCE)
    if realm is None or nonce is None:
        return asked.error
    signed = {stun.USERNAME: server.username.encode("utf-8"), stun.REALM: realm, stun.NONCE: nonce}
    key = stun.key_of(server.username, realm, server.password)
    answer = _exchange(connection, stun.request(stun.ALLOCATE, {**wanted, **signed}, key))
    if not answer.done:
        return answer.error
    if stun.RELAYED_ADDRESS not in answer.attributes:
        return "it names no address"
    _exchange(connection, stun.request(stun.REFRESH, {stun.LIFETIME: bytes(4), **signed}, key))
    return ""


def _exchange(connection: ssl.SSLSocket, message: bytes) -> Answer:
    connection.sendall(message)
    header = verified.read(connection, stun.HEADER_BYTES)
    return stun.parse(header, verified.read(connection, stun.length_of(header)))
