"""What OpenPGP data is made of, by its packet headers alone (RFC 9580, section 4): enough to name it."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

ARMOR = re.compile(
    rb"-----BEGIN PGP ([A-Z ,0-9/]+)-----[ \t]*\r?\n(?:[^\r\n]+: ?[^\r\n]*\r?\n)*[ \t]*\r?\n"
    rb"([A-Za-z0-9+/=\s]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\s*-----END PGP \1-----"
)
KEYS = frozenset({5, 6, 7, 14})
PUBLIC, SECRET = frozenset({6, 14}), frozenset({5, 7})
POST_QUANTUM = frozenset({30, 31, 32, 33, 34, 35, 36})  # draft-ietf-openpgp-pqc
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Packet:
    """tag (section 5), where its body begins, and how long that is; None: to the end, or in parts."""

    tag: int
    start: int
    length: int | None


def dearmored(data: bytes) -> bytes:
    """The binary packets of armored blocks in order, or the data itself if there is none."""
    blocks = []
    for match in ARMOR.finditer(data):
        try:
            blocks.append(base64.b64decode(match[2]))
        except binascii.Error:
            continue
    return b"".join(blocks) if blocks else data


def packets(data: bytes) -> Iterator[Packet]:
    """The packets, until the end or the first that makes no sense."""
    at = 0
    for _ in range(MOST):
        if at >= len(data) or not data[at] & 0x80:
            return
        header = _header(data, at)
        if header is None:
            return
        yield header
        if header.length is None or header.start + header.length > len(data):
            return
        at = header.start + header.length


def _header(data: bytes, at: int) -> Packet | None:
    first, rest = data[at], data[at + 1 : at + 6]
    if first & 0x40:
        tag = first & 0x3F
        if not rest:
            return None
        if rest[0] < 192:
            return Packet(tag, at + 2, rest[0])
        if rest[0] < 224:
            return Packet(tag, at + 3, ((rest[0] - 192) << 8) + rest[1] + 192) if len(rest) > 1 else None
        if rest[0] == 255:
            return Packet(tag, at + 6, int.from_bytes(rest[1:5], "big")) if len(rest) == 5 else None
        return Packet(tag, at + 2, None)
    size = (1, 2, 4, 0)[first & 3]
    tag = (first >> 2) & 0xF
    if size == 0:
        return Packet(tag, at + 1, None)
    return Packet(tag, at + 1 + size, int.from_bytes(rest[:size], "big")) if len(rest) >= size else None


def key_versions(data: bytes) -> tuple[tuple[int, int, int], ...]:
    """(tag, version, algorithm) of each key packet (section 5.5.2)."""
    raw = dearmored(data)
    found = []
    for packet in packets(raw):
        body = raw[packet.start : packet.start + 8]
        if packet.tag in KEYS and len(body) >= 6:
            algorithm = body[7] if body[0] in (2, 3) and len(body) > 7 else body[5]
            found.append((packet.tag, body[0], algorithm))
    return tuple(found)
