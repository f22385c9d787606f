"""STUN's messages, as far as a client of a TURN server needs them (RFC 8489, RFC 8656)."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

ALLOCATE, REFRESH = 0x0003, 0x0004
USERNAME, ERROR_CODE, LIFETIME, REALM, NONCE = 0x0006, 0x0009, 0x000D, 0x0014, 0x0015
RELAYED_ADDRESS, REQUESTED_TRANSPORT = 0x0016, 0x0019
UDP = bytes([17, 0, 0, 0])
HEADER_BYTES = 20
_INTEGRITY, _INTEGRITY_BYTES = 0x0008, 24
_COOKIE = 0x2112A442
_SUCCESS = 0x0100


@dataclass(frozen=True)
class Answer:
    """What a server says: whether it did it, and if not, why; its attributes by their numbers."""

    done: bool
    attributes: dict[int, bytes]

    @property
    def error(self) -> str:
        """As `401 Unauthorized`."""
        value = self.attributes.get(ERROR_CODE, bytes(4))
        return f"{value[2] * 100 + value[3]} {value[4:].decode('utf-8', 'replace')}".strip()


def request(method: int, attributes: dict[int, bytes], key: bytes | None = None) -> bytes:
    """A message; with a key it is signed."""
    body = b"".join(_attribute(number, value) for number, value in attributes.items())
    transaction = os.urandom(12)
    if key is None:
        return _header(method, len(body), transaction) + body
    signed = _header(method, len(body) + _INTEGRITY_BYTES, transaction) + body
    return signed + _attribute(_INTEGRITY, hmac.new(key, signed, hashlib.sha1).digest())


def key_of(username: str, realm: bytes, password: str) -> bytes:
    """What messages are signed with when the server has asked for it."""
    return hashlib.md5(b":".join([username.encode("utf-8"), realm, password.encode("utf-8")])).digest()


def length_of(header: bytes) -> int:
    """How many bytes follow a message's header; ValueError: it is no message."""
    _, length, cookie = struct.unpack("!HHI", header[:8])
    if cookie != _COOKIE:
        raise ValueError("it does not speak STUN")
    return length


def parse(header: bytes, body: bytes) -> Answer:
    """An answer to a request."""
    (kind,) = struct.unpack("!H", header[:2])
    return Answer(kind & 0x0110 == _SUCCESS, dict(_attributes(body)))


def _header(method: int, length: int, transaction: bytes) -> bytes:
    return struct.pack("!HHI", method, length, _COOKIE) + transaction


def _attribute(number: int, value: bytes) -> bytes:
    return struct.pack("!HH", number, len(value)) + value + bytes(-len(value) % 4)


def _attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    while len(body) >= 4:
        number, length = struct.unpack("!HH", body[:4])
        yield number, body[4 : 4 + length]
        body = body[4 + length + -length % 4 :]
