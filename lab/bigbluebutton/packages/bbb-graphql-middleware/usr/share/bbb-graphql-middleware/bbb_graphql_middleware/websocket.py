"""Websockets (RFC 6455), as far as short text messages need them."""

import base64
import hashlib
import struct

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_MAXIMUM = 1 << 20


def handshake(headers, protocol):
    """The reply headers that accept the upgrade."""
    key = headers.get("Sec-WebSocket-Key", "") + _GUID
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    reply = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)]
    offered = [name.strip() for name in headers.get("Sec-WebSocket-Protocol", "").split(",")]
    return reply + ([("Sec-WebSocket-Protocol", protocol)] if protocol in offered else [])


def messages(reader, writer):
    """The texts that the browser sends, until it closes; its pings are answered."""
    while True:
        head = reader.read(2)
        if len(head) < 2:
            return
        opcode, length = head[0] & 15, head[1] & 127
        if length >= 126:
            size = 2 if length == 126 else 8
            length = int.from_bytes(reader.read(size), "big")
        if length > _MAXIMUM:
            return close(writer, 1009, "too big")
        mask = reader.read(4)
        payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(reader.read(length)))
        if opcode == _CLOSE:
            return close(writer, 1000, "")
        if opcode == _PING:
            _frame(writer, _PONG, payload)
        elif opcode == _TEXT:
            yield payload.decode()


def send(writer, text):
    """Sends a text message."""
    _frame(writer, _TEXT, text.encode())


def close(writer, code, reason):
    """Says good-bye with a status code."""
    _frame(writer, _CLOSE, struct.pack("!H", code) + reason.encode())


def _frame(writer, opcode, payload):
    length = len(payload)
    size = bytes([length]) if length < 126 else b"\x7e" + length.to_bytes(2, "big")
    writer.write(bytes([0x80 | opcode]) + size + payload)
