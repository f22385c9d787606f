"""The table as the kernel acts on it: five machines in network namespaces, and what each can reach of the others."""

import unittest

import support  # noqa: F401
from switched import MACHINES, REACH, Switched

# From whom, at which address, and the ports that answer of those that are tried.
TRIED = [22, 80, 443, 3478, 5432, 6379, 8480, 9100, 9101, 20000]
REACHED = [
    ("operator", "192.0.2.1", [22, 80, 443]),
    ("operator", "192.0.2.11", [22, 80, 443, 3478]),
    ("stranger", "192.0.2.1", [80, 443, 9100]),
    ("stranger", "192.0.2.11", [80, 443, 3478]),
    ("taken", "192.0.2.1", [80, 443]),
    ("taken", "10.0.1.2", []),
    ("taken", "10.0.1.11", []),
    ("node", "10.0.1.2", []),
    ("proxy", "10.0.1.11", [443]),
    # Of a machine of the administrator's in the private network, what a rule names.
    ("operator", "10.0.1.11", [9101]),
    ("node", "127.0.0.1", TRIED),
    ("node", "10.0.1.11", TRIED),
]

LISTEN = """
import selectors, socket
poll = selectors.DefaultSelector()
for port in PORTS:
    poll.register(socket.create_server(("", port)), selectors.EVENT_READ)
while True:
    for key, _ in poll.select():
        key.fileobj.accept()[0].close()
"""
SCAN = """
import socket, time
tried = {port: socket.socket() for port in PORTS}
for port, one in tried.items():
    one.setblocking(False)
    one.connect_ex(("ADDRESS", port))
time.sleep(0.2)
def answers(one):
    try:
        return bool(one.getpeername())
    except OSError:
        return False
print([port for port, one in tried.items() if answers(one)])
"""
PING = """
import socket
echo = bytes([8, 0, 0xF7, 0xFF]) + bytes(4)
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
    raw.settimeout(0.5)
    raw.sendto(echo, ("ADDRESS", 0))
    try:
        print(raw.recv(100)[20] == 0)
    except OSError:
        print(False)
"""
# A long answer: its first half, and the second when it is told so.
SERVE = """
import os, socket, time
with socket.create_server(("", 443)) as server:
    line = server.accept()[0]
    line.recv(10)
    line.sendall(bytes(HALF))
    while not os.path.exists("FOLDER/loaded"):
        time.sleep(0.02)
    line.sendall(bytes(HALF))
    line.close()
"""
RELAY = f"""{REACH}
with socket.create_server(("", 443)) as server:
    line = server.accept()[0]
    with reach(("10.0.1.11", 443)) as further:
        further.sendall(line.recv(10))
        while part := further.recv(65536):
            line.sendall(part)
    line.close()
"""
FETCH = f"""{REACH}
with reach(("192.0.2.1", 443)) as line:
    line.settimeout(3)
    line.sendall(b"GET")
    got = 0
    try:
        while part := line.recv(65536):
            got += len(part)
            if got == HALF:
                open("FOLDER/half", "w").close()
    except OSError as error:
        print(error)
    print(got)
"""
# A segment of a connection that there is not, and then the beginning of one from the same port.
FORGE = """
import socket, struct, time
def whole(data):
    found = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while found >> 16:
        found = (found & 0xFFFF) + (found >> 16)
    return ~found & 0xFFFF
here, there = (socket.inet_aton(address) for address in ("SOURCE", "ADDRESS"))
tried = dict(enumerate(PORTS, 40000))
for source, port in tried.items():
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        head = struct.pack("!HHIIBBHHH", source, port, 1, 1, 5 << 4, 0x10, 1000, 0, 0)
        number = whole(here + there + struct.pack("!HH", 6, len(head)) + head)
        raw.sendto(head[:16] + struct.pack("!HH", number, 0), ("ADDRESS", 0))
time.sleep(0.1)
lines = {port: socket.socket() for port in PORTS}
for source, port in tried.items():
    lines[port].setblocking(False)
    lines[port].bind(("SOURCE", source))
    lines[port].connect_ex(("ADDRESS", port))
time.sleep(0.2)
def answers(one):
    try:
        return bool(one.getpeername())
    except OSError:
        return False
print([port for port, one in lines.items() if answers(one)])
"""
# Connections that stay open while it is counted what the machine remembers.
HOLD = """
import socket, time
lines = [socket.create_connection(place) for place in PLACES]
print(len(lines), flush=True)
time.sleep(1)
"""
COUNT = """
with open("/proc/sys/net/netfilter/nf_conntrack_count") as file:
    print(int(file.read()))
"""


class Packets(Switched):
    def guarded(self):
        """All machines with their tables, and everything that listens."""
        listeners = [f"{self.program(name, LISTEN, PORTS=TRIED)} &" for name, (_, _, rows) in MACHINES.items() if rows]
        return [*self.wire(), *self.load(), *listeners, "sleep 0.5"]

    def test_a_machine_lets_in_what_its_rows_say_and_a_taken_neighbour_sees_nothing(self):
        scans = [self.program(source, SCAN, PORTS=TRIED, ADDRESS=address) for source, address, _ in REACHED]
        found = self.run_alone([*self.guarded(), *scans])
        for (source, address, expected), line in zip(REACHED, found):
            with self.subTest(source=source, address=address):
                self.assertEqual(line, str(expected))
        self.assertEqual(len(found), len(REACHED))

    def test_a_ping_is_answered_outside_and_not_inside(self):
        tries = [("operator", "192.0.2.11"), ("taken", "10.0.1.11"), ("taken", "10.0.1.2")]
        pings = [self.program(name, PING, ADDRESS=address) for name, address in tries]
        self.assertEqual(self.run_alone([*self.wire(), *self.load(), *pings]), ["True", "False", "False"])

    def test_an_answer_that_is_under_way_when_the_table_comes_arrives(self):
        half = 300_000
        servers = [self.program("node", SERVE, HALF=half), self.program("proxy", RELAY)]
        waiting = f"while [ ! -e {self.folder}/half ] && kill -0 $fetch; do sleep 0.02; done"
        fetching = [f"{self.program('operator', FETCH, HALF=half)} & fetch=$!", waiting, "sleep 0.3"]
        lines = [*self.wire(), *(f"{server} &" for server in servers), *fetching]
        lines += [*self.load(), f"touch {self.folder}/loaded", "wait $fetch"]
        self.assertEqual(self.run_alone(lines), [str(2 * half)])

    def test_a_segment_of_no_connection_opens_nothing(self):
        tries = [("taken", "10.0.1.12", "10.0.1.11", []), ("stranger", "198.51.100.9", "192.0.2.11", [80, 443, 3478])]
        forged = [
            self.program(name, FORGE, PORTS=TRIED, SOURCE=source, ADDRESS=address) for name, source, address, _ in tries
        ]
        self.assertEqual(self.run_alone([*self.guarded(), *forged]), [str(expected) for *_, expected in tries])

    def remembered_by_the_proxy(self, machine, *places):
        """How many connections it remembers while another machine, or itself, holds some open."""
        held = [f"{self.program(machine, HOLD, PLACES=list(places))} & held=$!", "sleep 0.5"]
        lines = [*self.guarded(), *held, self.program("proxy", COUNT), "wait $held"]
        opened, count = self.run_alone(lines)
        self.assertEqual(int(opened), len(places))
        return int(count)

    def test_what_comes_to_the_front_door_is_not_remembered(self):
        doors = [("192.0.2.1", 80), ("192.0.2.1", 443)]
        self.assertEqual(self.remembered_by_the_proxy("stranger", *doors * 20), 0)

    def test_neither_is_its_own_way_behind_the_cache(self):
        self.assertEqual(self.remembered_by_the_proxy("proxy", ("127.0.0.1", 8480), ("192.0.2.1", 443)), 0)

    def test_what_the_proxy_asks_others_is(self):
        self.assertEqual(self.remembered_by_the_proxy("proxy", ("10.0.1.11", 443), ("192.0.2.11", 443)), 2)

    def test_and_so_is_what_comes_to_it_elsewhere(self):
        self.assertEqual(self.remembered_by_the_proxy("stranger", ("192.0.2.1", 9100)), 1)


if __name__ == "__main__":
    unittest.main()
