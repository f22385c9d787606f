"""
Floods a machine of the rig, in the network that this is run in and nowhere else: `flood.py KIND ADDRESS HOST COUNT SECONDS`.
It says how many it has when they are there, keeps up that number until the time is over, and says then how many it made.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
import sys
import time

# What a test may never leave: the rig's own networks.
INSIDE = ("203.0.113.", "198.18.")
AT_ONCE = 100
BYTE_EVERY_SECONDS = 3
SYNS_PER_SECOND = 20_000
# For spoofed addresses: 198.18.0.0/15, set aside for measurements.
SPOOFED = 0xC6120000
HEAD = "GET /{n} HTTP/1.1\r\nHost: {host}\r\nX-Slow: "
BODY = "POST /bbb-01/bigbluebutton/api/feedback HTTP/1.1\r\nHost: {host}\r\nContent-Length: 60000\r\n\r\n"
# What is said at first, on which port, and whether a byte follows every few seconds.
KINDS = {
    "idle": (443, "", False),
    "header": (80, HEAD, True),
    "body": (443, BODY, True),
}


class Slow:
    """Connections that are held; one that is closed is opened again."""

    def __init__(
        self, kind: str, address: str, host: str, count: int, seconds: float
    ) -> None:
        self.port, self.first, self.trickles = KINDS[kind]
        self.address, self.host, self.count, self.seconds = (
            address,
            host,
            count,
            seconds,
        )
        self.tls = ssl._create_unverified_context() if kind == "body" else None
        self.made, self.held, self.until = 0, 0, float("inf")
        self.opening = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """All of them, until the time is over."""
        tasks = [
            asyncio.ensure_future(self._hold(number)) for number in range(self.count)
        ]
        patience = time.monotonic() + 60
        # Whoever refuses some is flooded, too.
        while self.made < self.count and time.monotonic() < patience:
            await asyncio.sleep(0.1)
        say("ready", self.held)
        self.until = time.monotonic() + self.seconds
        await asyncio.sleep(self.seconds)
        held = self.held
        for task in tasks:
            task.cancel()
        say("held", held, "made", self.made)

    async def _hold(self, number: int) -> None:
        while time.monotonic() < self.until:
            try:
                await self._once(number)
            except (OSError, asyncio.IncompleteReadError):
                self.made += 1
                await asyncio.sleep(0.5)

    async def _once(self, number: int) -> None:
        async with self.opening:
            name = self.host if self.tls else None
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(
                    self.address, self.port, ssl=self.tls, server_hostname=name
                ),
                20,
            )
        self.made, self.held = self.made + 1, self.held + 1
        writer.write(self.first.format(n=number, host=self.host).encode())
        answer = asyncio.ensure_future(reader.read(1))
        try:
            while not answer.done():
                if self.trickles:
                    writer.write(b"x")
                await asyncio.wait([answer], timeout=BYTE_EVERY_SECONDS)
            answer.result()
        finally:
            answer.cancel()
            self.held -= 1
            writer.transport.abort()


def syns(address: str, count: int) -> None:
    """Beginnings of connections that nobody goes on with, each from another address and port."""
    there = socket.inet_aton(address)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        say("ready", 0)
        began = time.monotonic()
        for number in range(count):
            source, port = SPOOFED + number % 130_000, 1024 + number * 7 % 64_000
            raw.sendto(_syn(struct.pack("!I", source), there, port), (address, 0))
            if number % 200 == 0:
                time.sleep(
                    max(0.0, began + number / SYNS_PER_SECOND - time.monotonic())
                )
    say("held", 0, "made", count, "seconds", round(time.monotonic() - began, 1))


def _syn(here: bytes, there: bytes, port: int) -> bytes:
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, socket.IPPROTO_TCP, 0, here, there
    )
    segment = struct.pack("!HHIIBBHHH", port, 443, port, 0, 5 << 4, 0x02, 64240, 0, 0)
    total = sum(
        struct.unpack("!16H", here + there + struct.pack("!HH", 6, 20) + segment)
    )
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return head + segment[:16] + struct.pack("!H", ~total & 0xFFFF) + segment[18:]


def say(*words: object) -> None:
    """A line for whoever has started this."""
    print(*words, flush=True)


def main() -> None:
    """As the command line says."""
    kind, address, host, count, seconds = sys.argv[1:]
    if not address.startswith(INSIDE) or "FRONT_DOOR_RIG" not in os.environ:
        raise SystemExit(
            "this floods a machine of the rig and nothing else: run it by test/front-door/rig/enter.sh"
        )
    # The machine that floods is another one: it is to have what nginx leaves.
    os.nice(5)
    if kind == "syn":
        syns(address, int(count))
    else:
        asyncio.run(Slow(kind, address, host, int(count), float(seconds)).run())


if __name__ == "__main__":
    main()
