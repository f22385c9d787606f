"""The table as the kernel acts on it: five machines in network namespaces, and what each can reach of the others."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import support  # noqa: F401
from bbb_cluster.access import rules

EVERYWHERE = ["tcp 22 203.0.113.7/32 2001:db8:f::/64", "tcp 80", "tcp 443", "icmp"]
PROXY = [*EVERYWHERE, "tcp 9100 198.51.100.9/32"]
NODE = [*EVERYWHERE, "tcp 3478", "udp 3478", "udp 16384-32768", "tcp 443 10.0.1.2", "tcp 9101 10.0.1.9/32"]
# Public and private addresses; only the proxy and a node have the table.
MACHINES = {
    "proxy": ("192.0.2.1", "10.0.1.2", PROXY),
    "node": ("192.0.2.11", "10.0.1.11", NODE),
    "taken": ("192.0.2.12", "10.0.1.12", None),
    "operator": ("203.0.113.7", "10.0.1.9", None),
    "stranger": ("198.51.100.9", None, None),
}
# From whom, at which address, and the ports that answer of those that are tried.
TRIED = [22, 80, 443, 3478, 5432, 6379, 9100, 9101, 20000]
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
ALONE = ["unshare", "--map-root-user", "--net", "--mount"]


def can_be_tried():
    """Whether this machine lets us have network namespaces and nftables of our own."""
    if not all(shutil.which(program) for program in ("nft", "unshare", "ip")):
        return False
    return subprocess.run([*ALONE, "nft", "list", "tables"], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(can_be_tried(), "needs nftables and network namespaces")
class Packets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text):
        """A file for the script."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def wire(self):
        """Machines on two switches, and the table on those that have one."""
        lines = ["mount -t tmpfs tmpfs /run", "mkdir -p /run/netns"]
        lines += [f"ip link add {name} type bridge && ip link set {name} up" for name in ("public", "private")]
        for name, (public, private, rows) in MACHINES.items():
            lines += [f"ip netns add {name}", f"ip -n {name} link set lo up"]
            lines += self.plug(name, "public", f"{public}/32")
            lines += self.plug(name, "private", f"{private}/24") if private else []
            lines.append(f"ip -n {name} route add default dev public")
            if rows:
                table = self.file(f"{name}.nft", rules.render(rules.parse("10.0.0.0/16", rows)))
                # Twice: what is there is replaced, not added to.
                lines += [f"ip netns exec {name} nft -f {table}"] * 2
                lines.append(f"ip netns exec {name} {sys.executable} {self.listener} &")
        return lines

    def plug(self, name, switch, address):
        """A network card of a machine."""
        far = f"{switch[:3]}-{name}"
        return [
            f"ip link add {far} type veth peer name {switch} netns {name}",
            f"ip link set {far} master {switch} up",
            f"ip -n {name} link set {switch} up",
            f"ip -n {name} address add {address} dev {switch}",
        ]

    def run_alone(self, lines):
        """Runs a script in namespaces of its own, in which nothing outlives it; its output, line by line."""
        script = "\n".join(["set -e", *lines, "kill $(jobs -p) 2>/dev/null || true"])
        command = [*ALONE, "--pid", "--fork", "--kill-child", "bash", "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_a_machine_lets_in_what_its_rows_say_and_a_taken_neighbour_sees_nothing(self):
        self.listener = self.file("listen.py", LISTEN.replace("PORTS", repr(TRIED)))
        lines = [*self.wire(), "sleep 0.5"]
        for number, (source, address, _) in enumerate(REACHED):
            scan = self.file(f"{number}.py", SCAN.replace("PORTS", repr(TRIED)).replace("ADDRESS", address))
            lines.append(f"ip netns exec {source} {sys.executable} {scan}")
        found = self.run_alone(lines)
        for (source, address, expected), line in zip(REACHED, found):
            with self.subTest(source=source, address=address):
                self.assertEqual(line, str(expected))
        self.assertEqual(len(found), len(REACHED))

    def test_a_ping_is_answered_outside_and_not_inside(self):
        self.listener = self.file("listen.py", "")
        tries = [("operator", "192.0.2.11"), ("taken", "10.0.1.11"), ("taken", "10.0.1.2")]
        lines = self.wire()
        for number, (source, address) in enumerate(tries):
            ping = self.file(f"{number}.py", PING.replace("ADDRESS", address))
            lines.append(f"ip netns exec {source} {sys.executable} {ping}")
        self.assertEqual(self.run_alone(lines), ["True", "False", "False"])


if __name__ == "__main__":
    unittest.main()
