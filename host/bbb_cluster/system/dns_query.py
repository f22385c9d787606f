"""Records that Python's own look-ups do not know, asked of the machine's name servers (RFC 1035)."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass

from . import files

RESOLVERS = "/etc/resolv.conf"
PORT = 53
TRIES = 2
SECONDS = 3
_HEADER = 12
_TRUNCATED = 0x0200
_RESPONSE = 0x8000
_NO_ERROR, _NO_SUCH_NAME = 0, 3
_INTERNET = 1


@dataclass(frozen=True)
class Record:
    """The data of one record, and for how many seconds it may be remembered."""

    ttl: int
    data: bytes


def ask(name: str, kind: int) -> list[Record] | None:
    """The records of a type that a name, or what it is an alias of, has; None when no server can tell."""
    question = _encode(name, kind)
    for server in _servers() * TRIES:
        try:
            return _decode(_exchange(server, question), question, kind)
        except (OSError, ValueError, IndexError, struct.error):
            continue
    return None


def _servers() -> list[str]:
    current = files.read(RESOLVERS)
    lines = current.content.decode("utf-8", "replace").splitlines() if current else []
    return [words[1] for words in map(str.split, lines) if len(words) > 1 and words[0] == "nameserver"]


def _encode(name: str, kind: int) -> bytes:
    labels = [label.encode("ascii") for label in name.split(".")]
    encoded = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    recursion_desired = 0x0100
    header = os.urandom(2) + struct.pack("!HHHHH", recursion_desired, 1, 0, 0, 0)
    return header + encoded + struct.pack("!HH", kind, _INTERNET)


def _exchange(server: str, question: bytes) -> bytes:
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(SECONDS)
        udp.connect((server, PORT))
        udp.send(question)
        answer = udp.recv(65535)
    if not struct.unpack_from("!H", answer, 2)[0] & _TRUNCATED:
        return answer
    with socket.create_connection((server, PORT), SECONDS) as tcp, tcp.makefile("rb") as stream:
        tcp.sendall(struct.pack("!H", len(question)) + question)
        return stream.read(struct.unpack("!H", stream.read(2))[0])


def _decode(answer: bytes, question: bytes, kind: int) -> list[Record]:
    flags, questions, count = struct.unpack_from("!HHH", answer, 2)
    code = flags & 0x000F
    if answer[:2] != question[:2] or not flags & _RESPONSE or code not in (_NO_ERROR, _NO_SUCH_NAME):
        raise ValueError(f"no answer to this question: {code}")
    position = _HEADER
    for _ in range(questions):
        position = _behind_name(answer, position) + 4
    found = []
    for _ in range(count):
        position = _behind_name(answer, position)
        this, _class, ttl, length = struct.unpack_from("!HHIH", answer, position)
        position += 10
        if position + length > len(answer):
            raise ValueError("cut off")
        if this == kind:
            found.append(Record(ttl, answer[position : position + length]))
        position += length
    return found


def _behind_name(answer: bytes, position: int) -> int:
    while answer[position]:
        if answer[position] >= 0xC0:
            # The rest stands elsewhere.
            return position + 2
        position += 1 + answer[position]
    return position + 1
