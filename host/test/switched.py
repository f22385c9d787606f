"""Five machines in network namespaces, some with the firewall, and how programs run on them."""

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
UNTRACKED = {"proxy": ("80", "443", "8480")}
# Public and private addresses; only the proxy and a node have the table.
MACHINES = {
    "proxy": ("192.0.2.1", "10.0.1.2", PROXY),
    "node": ("192.0.2.11", "10.0.1.11", NODE),
    "taken": ("192.0.2.12", "10.0.1.12", None),
    "operator": ("203.0.113.7", "10.0.1.9", None),
    "stranger": ("198.51.100.9", None, None),
}
ALONE = ["unshare", "--map-root-user", "--net", "--mount"]
# For a program that connects to another one, which may begin to listen later.
REACH = """
import socket, time
def reach(place):
    for _ in range(200):
        try:
            return socket.create_connection(place)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise SystemExit(f"nobody listens at {place}")
"""


def can_be_tried():
    """Whether this machine lets us have network namespaces and nftables of our own."""
    if not all(shutil.which(program) for program in ("nft", "unshare", "ip")):
        return False
    return subprocess.run([*ALONE, "nft", "list", "tables"], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(can_be_tried(), "needs nftables and network namespaces")
class Switched(unittest.TestCase):
    """A test with these machines; `run_alone` has all of them for one script."""

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
        """Machines on two switches."""
        lines = ["mount -t tmpfs tmpfs /run", "mkdir -p /run/netns"]
        lines += [f"ip link add {name} type bridge && ip link set {name} up" for name in ("public", "private")]
        for name, (public, private, _rows) in MACHINES.items():
            lines += [f"ip netns add {name}", f"ip -n {name} link set lo up"]
            lines += self.plug(name, "public", f"{public}/32")
            lines += self.plug(name, "private", f"{private}/24") if private else []
            lines.append(f"ip -n {name} route add default dev public")
        return lines

    def load(self):
        """Puts the table in force on those that have one."""
        lines = []
        for name, (_, _, rows) in MACHINES.items():
            if rows:
                parsed = rules.parse("10.0.0.0/16", rows, UNTRACKED.get(name, ()))
                table = self.file(f"{name}.nft", rules.render(parsed))
                # Twice: what is there is replaced, not added to.
                lines += [f"ip netns exec {name} nft -f {table}"] * 2
        return lines

    def program(self, machine, text, **values):
        """Runs a program on a machine."""
        for name, value in {"FOLDER": self.folder, **values}.items():
            text = text.replace(name, str(value))
        path = self.file(f"{len(os.listdir(self.folder))}.py", text)
        return f"ip netns exec {machine} {sys.executable} {path}"

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
