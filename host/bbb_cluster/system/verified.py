"""A TLS connection as a browser would make it: certificate verified, by name."""

from __future__ import annotations

import socket
import ssl


def connect(host: str, port: int, seconds: float) -> ssl.SSLSocket:
    """Every step of it may take that long; OSError says why there is none."""
    plain = socket.create_connection((host, port), seconds)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def read(connection: ssl.SSLSocket, length: int) -> bytes:
    """So many bytes; OSError when it ends before."""
    received = b""
    while len(received) < length:
        chunk = connection.recv(length - len(received))
        if not chunk:
            raise ConnectionError("the connection was closed")
        received += chunk
    return received
