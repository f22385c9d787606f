"""Websockets (RFC 6455), as far as short text messages need them."""

import base64
import hashlib
import struct
import threading

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_MAXIMUM = 1 << 20


class WebSocket:
    """A browser's connection; any thread may send."""

    def __init__(self, handler):
        self._reader = handler.rfile
        self._writer = handler.wfile
        self._lock = threading.Lock()

    def messages(self):
        """The texts that the browser sends, until it closes; its pings are answered."""
        while True:
            head = self._reader.read(2)
            if len(head) < 2:
                return
            opcode, length = head[0] & 15, head[1] & 127
            if length >= 126:
                size = 2 if length == 126 else 8
                length = int.from_bytes(self._reader.read(size), "big")
            if length > _MAXIMUM:
                return self.close(1009, "too big")
            mask = self._reader.read(4)
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self._reader.read(length)))
            if opcode == _CLOSE:
                return self.close(1000, "")
            if opcode == _PING:
                self._frame(_PONG, payload)
            elif opcode == _TEXT:
                yield payload.decode()

    def send(self, text):
        """Sends a text message."""
        self._frame(_TEXT, text.encode())

    def close(self, code, reason):
        """Says good-bye with a status code."""
        self._frame(_CLOSE, struct.pack("!H", code) + reason.encode())

    def _frame(self, opcode, payload):
        length = len(payload)
        if length < 126:
            size = bytes([length])
        else:
            size = b"\x7e" + length.to_bytes(2, "big") if length < 1 << 16 else b"\x7f" + length.to_bytes(8, "big")
        with self._lock:
            self._writer.write(bytes([0x80 | opcode]) + size + payload)


def wanted(handler):
    """Whether the request asks for a websocket; it has been answered when not."""
    if handler.headers.get("Upgrade", "").lower() == "websocket":
        return True
    handler.answer(426, "expected a websocket", headers=[("Upgrade", "websocket")])
    return False


def accept(handler, protocol=None):
    """Answers the handshake, with the subprotocol if the browser offers it, and returns the connection."""
    handler.close_connection = True
    handler.send_response(101)
    key = handler.headers.get("Sec-WebSocket-Key", "") + _GUID
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
    offered = [name.strip() for name in handler.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if protocol in offered:
        handler.send_header("Sec-WebSocket-Protocol", protocol)
    handler.end_headers()
    return WebSocket(handler)
