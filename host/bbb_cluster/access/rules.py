"""What is let in, as rows such as `tcp 22 203.0.113.7/32`, and the nftables table that lets in nothing else."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from typing import Union

from ..system.failure import Failure

TABLE = "inet bbb_cluster"
Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
# No connection begins with an ACK. What has one may belong to a connection from before this table was loaded, of which
# the kernel has seen nothing yet; if it belongs to none, the kernel itself refuses it.
_ONGOING = ["        tcp flags & (syn | ack) == ack accept", "        ct state established,related accept"]
_PORTS = re.compile(r"([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?")


@dataclass(frozen=True)
class Rule:
    """Traffic that is let in: from everywhere outside of the private network, or from these networks."""

    protocol: str
    ports: str
    sources: tuple[Network, ...]


@dataclass(frozen=True)
class Rules:
    """All that is let in; inside of the private network only what names a source there."""

    private: ipaddress.IPv4Network
    open: tuple[Rule, ...]
    # TCP ports of this machine whose connections the kernel does not remember.
    untracked: tuple[str, ...] = ()

    def let_in(self, client: str, port: int) -> bool:
        """Whether somebody can reach a TCP port from an address."""
        address = ipaddress.ip_address(client)
        return any(
            rule.protocol == "tcp" and _holds(rule.ports, port) and self._comes_from(rule.sources, address)
            for rule in self.open
        )

    def _comes_from(self, sources: tuple[Network, ...], address: Address) -> bool:
        """As the table has it: who is inside of the private network comes in by what names a source there."""
        inside = address in self.private
        if not sources:
            return not inside
        return any(address in source and _is_inside(source, self.private) == inside for source in sources)


def parse(private: str, rows: list[str], untracked: tuple[str, ...] = ()) -> Rules:
    """The checked rows; a Failure says which one is wrong."""
    network = _network(private)
    if network.version != 4:
        raise Failure(f"`network` must be an IPv4 network, got `{private}`")
    for port in untracked:
        if not _is_range(port) or "-" in port:
            raise Failure(f"`{port}` in `untracked` is no rule: expected a port")
    return Rules(network, tuple(_rule(row) for row in rows), untracked)


def _rule(row: str) -> Rule:
    protocol, *words = row.split(" ")
    if protocol == "icmp" and not words:
        return Rule("icmp", "", ())
    if protocol not in ("tcp", "udp") or not words or not _is_range(words[0]):
        raise Failure(f"`{row}` is no rule: expected `icmp`, or tcp or udp with ports and networks")
    return Rule(protocol, words[0], tuple(_network(word) for word in words[1:]))


def _is_range(ports: str) -> bool:
    found = _PORTS.fullmatch(ports)
    return found is not None and int(found[1]) <= int(found[2] or found[1]) <= 65535


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise Failure(f"`{text}` is no network") from None


def _holds(ports: str, port: int) -> bool:
    first, _, last = ports.partition("-")
    return int(first) <= port <= int(last or first)


def _is_inside(source: Network, private: ipaddress.IPv4Network) -> bool:
    return source.version == 4 and source.subnet_of(private)


def render(rules: Rules) -> str:
    """The file that puts the table in force in one step, whatever was there before."""
    body = _body(rules)
    # By the name of this chain it is known which file is in force.
    body += ["    chain " + mark("\n".join(body)) + " {", "    }"]
    return "\n".join([f"table {TABLE}", f"delete table {TABLE}", f"table {TABLE} {{", *body, "}", ""])


def mark(text: str) -> str:
    """A name that says which table this is."""
    return f"loaded_{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def mark_in(text: str) -> str:
    """The name in a rendered file."""
    found = re.search(r"chain (loaded_[0-9a-f]{16}) ", text)
    return found[1] if found else "loaded"


def _body(rules: Rules) -> list[str]:
    inside = [line for rule in rules.open for line in _lines(rule, rules.private, True)]
    outside = [line for rule in rules.open for line in _lines(rule, rules.private, False)]
    private = f"{rules.private}"
    return [
        "    chain input {",
        # What is accepted here still passes through ufw, where there is one.
        "        type filter hook input priority -10; policy drop;",
        *_ONGOING,
        # Containers are a part of this machine.
        *(f'        iifname "{name}" accept' for name in ("lo", "docker0", "br-*")),
        # Answers to a DHCP client, which has asked everybody.
        "        udp sport 67 udp dport 68 accept",
        "        ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
        "        icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
        # By either end: an address can be forged, the one that is reached cannot.
        f"        ip saddr {private} jump private",
        f"        ip daddr {private} jump private",
        *(f"        {line}" for line in outside),
        "    }",
        "    chain private {",
        *(f"        {line}" for line in inside),
        "        drop",
        "    }",
        # To containers.
        "    chain forward {",
        "        type filter hook forward priority -10; policy accept;",
        *_ONGOING,
        f"        ip saddr {private} drop",
        "    }",
        *_untracked(rules.untracked),
    ]


def _untracked(ports: tuple[str, ...]) -> list[str]:
    """
    Nothing is remembered of what comes to these ports here, and of what goes from them: no flood fills a table. This
    machine's own questions, to a node's 443, come from other ports, so that their answers are still known as such; what
    goes on to containers is theirs.
    """
    if not ports:
        return []
    those = f"{{ {', '.join(ports)} }}"
    return [
        "    chain arriving {",
        "        type filter hook prerouting priority raw; policy accept;",
        f"        fib daddr type local tcp dport {those} notrack",
        "    }",
        "    chain leaving {",
        "        type filter hook output priority raw; policy accept;",
        f"        tcp sport {those} notrack",
        # From here to here it is this way that it comes first.
        f'        oifname "lo" tcp dport {those} notrack',
        "    }",
    ]


def _lines(rule: Rule, private: ipaddress.IPv4Network, inside: bool) -> list[str]:
    """A rule for each source, so that networks that overlap are no mistake."""
    # ICMP and ICMPv6 by number: their names are in /etc/protocols, which a small image may lack.
    what = "meta l4proto { 1, 58 }" if rule.protocol == "icmp" else f"{rule.protocol} dport {rule.ports}"
    if not rule.sources:
        return [] if inside else [f"{what} accept"]
    family = {4: "ip", 6: "ip6"}
    return [
        f"{family[source.version]} saddr {source} {what} accept"
        for source in rule.sources
        if _is_inside(source, private) == inside
    ]
