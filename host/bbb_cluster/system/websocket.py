"""One question over a websocket, as a browser asks it (RFC 6455)."""

from __future__ import annotations

import base64
import os
import ssl
import struct
from urllib.parse import urlsplit

from . import verified

_TEXT, _FINAL, _MASKED = 0x1, 0x80, 0x80
_LONGEST = 65536


def ask(url: str, text: str, headers: dict[str, str], seconds: float) -> str:
    """The first text that comes after ours, of at most 125 bytes; OSError says why there is none."""
    parts = urlsplit(url)
    with verified.connect(parts.hostname or "", parts.port or 443, seconds) as connection:
        _upgrade(connection, parts.hostname or "", f"{parts.path}?{parts.query}", headers)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(text.encode("utf-8")))
        connection.sendall(bytes([_FINAL | _TEXT, _MASKED | len(masked)]) + mask + masked)
        while True:
            kind, payload = _frame(connection)
            if kind == _TEXT:
                return payload.decode("utf-8", "replace")


def _upgrade(connection: ssl.SSLSocket, host: str, target: str, headers: dict[str, str]) -> None:
    lines = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode("ascii"),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection.sendall(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1"))
    status = _head(connection).split(" ", 2)[1:2]
    if status != ["101"]:
        raise ConnectionError(f"HTTP status {''.join(status) or 'none'} instead of a websocket")


def _head(connection: ssl.SSLSocket) -> str:
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < _LONGEST:
        # One at a time: what follows is no more of it.
        head += verified.read(connection, 1)
    return head.decode("latin-1")


def _frame(connection: ssl.SSLSocket) -> tuple[int, bytes]:
    first, length = verified.read(connection, 2)
    if length == 126:
        (length,) = struct.unpack("!H", verified.read(connection, 2))
    elif length == 127:
        (length,) = struct.unpack("!Q", verified.read(connection, 8))
    if length > _LONGEST:
        raise ConnectionError(f"an answer of {length} bytes, expected is a short one")
    return first & 0x0F, verified.read(connection, length)
