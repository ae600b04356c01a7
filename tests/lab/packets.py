"""Reads just enough of a packet to say who it is for."""

import ipaddress
import struct
from dataclasses import dataclass

ARP = 0x0806
IPV4 = 0x0800
IPV6 = 0x86DD
PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp6"}
EXTENSIONS = frozenset({0, 43, 60})
FRAGMENT = 44
# Neighbour discovery (RFC 4861) and multicast listeners (RFC 2710, RFC 3810).
NEIGHBOUR = frozenset({130, 131, 132, 133, 134, 135, 136, 137, 143})


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet that left; dport is None where there is none, or where it cannot be read."""

    proto: str
    src: str
    dst: str
    dport: int | None = None
    kind: int | None = None

    @property
    def neighbour_discovery(self) -> bool:
        """Whether it only looks for machines on the same wire."""
        return self.proto == "arp" or (self.proto == "icmp6" and self.kind in NEIGHBOUR)


def decode(frame: bytes) -> Packet:
    """An Ethernet frame as a packet; what is not understood keeps its number as proto."""
    ethertype = int.from_bytes(frame[12:14])
    body = frame[14:]
    if ethertype == ARP:
        return Packet("arp", "", "")
    if ethertype == IPV4 and len(body) >= 20:
        return _ipv4(body)
    if ethertype == IPV6 and len(body) >= 40:
        return _ipv6(body)
    return Packet(f"ethertype {ethertype:#06x}", "", "")


def _ipv4(body: bytes) -> Packet:
    src, dst = (str(ipaddress.IPv4Address(body[at : at + 4])) for at in (12, 16))
    first = int.from_bytes(body[6:8]) & 0x1FFF == 0
    return _transport(body[9], src, dst, body[(body[0] & 15) * 4 :] if first else b"")


def _ipv6(body: bytes) -> Packet:
    src, dst = (str(ipaddress.IPv6Address(body[at : at + 16])) for at in (8, 24))
    number, rest = body[6], body[40:]
    while number in EXTENSIONS and len(rest) >= 8:
        number, rest = rest[0], rest[(rest[1] + 1) * 8 :]
    if number == FRAGMENT and len(rest) >= 8:
        first = int.from_bytes(rest[2:4]) >> 3 == 0
        number, rest = rest[0], rest[8:] if first else b""
    return _transport(number, src, dst, rest)


def _transport(number: int, src: str, dst: str, rest: bytes) -> Packet:
    proto = PROTOCOLS.get(number, f"protocol {number}")
    if proto in ("tcp", "udp") and len(rest) >= 4:
        return Packet(proto, src, dst, struct.unpack_from("!H", rest, 2)[0])
    if proto in ("icmp", "icmp6") and rest:
        return Packet(proto, src, dst, kind=rest[0])
    return Packet(proto, src, dst)
