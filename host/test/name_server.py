"""A name server on the loopback that gives whole messages, by UDP and by TCP."""

import socket
import socketserver
import struct
import threading

CNAME, CAA = 5, 257
SERVFAIL, REFUSED = 2, 5


def caa(flags, tag, value):
    """The data of a CAA record (RFC 8659, 4.1)."""
    return CAA, bytes([flags, len(tag)]) + tag.encode() + value.encode()


def records(*entries, ttl=3600):
    """An answer with these records, their names compressed as name servers do."""
    each = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data for kind, data in entries]
    return 0, len(each), b"".join(each)


def code(number):
    """An answer that says why there is none."""
    return number, 0, b""


class NameServer:
    """Answers questions about the names it is given, and that there is no such name about all others."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []
        owner = self

        class ByUdp(socketserver.BaseRequestHandler):
            def handle(self):
                question, line = self.request
                answer = owner.answer(question)
                if len(answer) > 512:
                    answer = question[:2] + b"\x87\x80" + question[4:]
                line.sendto(answer, self.client_address)

        class ByTcp(socketserver.StreamRequestHandler):
            def handle(self):
                question = self.rfile.read(struct.unpack("!H", self.rfile.read(2))[0])
                answer = owner.answer(question)
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

        # One port for both: the one of UDP is free for TCP, too, or the next is tried.
        while True:
            udp = socketserver.UDPServer(("127.0.0.1", 0), ByUdp)
            try:
                tcp = socketserver.TCPServer(udp.server_address, ByTcp)
                break
            except OSError:
                udp.server_close()
        self.port, self._servers = udp.server_address[1], [udp, tcp]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, question):
        """What is said to a question, which is a message of RFC 1035."""
        labels, position = [], 12
        while question[position]:
            labels.append(question[position + 1 : position + 1 + question[position]].decode())
            position += 1 + question[position]
        name = ".".join(labels)
        self.asked.append(name)
        given = self.answers.get(name, (3, 0, b""))
        if isinstance(given, bytes):
            return question[:2] + given[2:]
        number, count, body = given
        return question[:2] + struct.pack("!HHHHH", 0x8180 | number, 1, count, 0, 0) + question[12:] + body

    def close(self):
        """Ends it."""
        for server in self._servers:
            server.shutdown()
            server.server_close()


def silent():
    """A port on which nobody answers, and the socket that holds it."""
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    held.bind(("127.0.0.1", 0))
    return held
