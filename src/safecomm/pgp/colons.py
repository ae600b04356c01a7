"""Read gpg's listing for programs (GnuPG's doc/DETAILS, "Format of the colon listings")."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from safecomm.pgp.key import Key, Secret, Subkey, UserId

ESCAPE = re.compile(rb"\\x([0-9a-fA-F]{2})")
FIELDS = 21
SELF_SIGNATURES = frozenset({"10", "11", "12", "13"})
BINDING = "18"
STATES = {"#": Secret.AWAY, "+": Secret.HERE}


def keys(lines: Iterable[bytes]) -> Iterator[Key]:
    """The keys of a listing, one at a time; lines of other kinds are passed over."""
    block: list[list[str]] = []
    for line in lines:
        fields = _fields(line)
        if fields[0] in ("pub", "sec"):
            if block:
                yield _key(block)
            block = [fields]
        elif block and fields[0] in ("sub", "ssb", "fpr", "uid", "sig"):
            block.append(fields)
    if block:
        yield _key(block)


def _fields(line: bytes) -> list[str]:
    parts = [_text(part) for part in line.rstrip(b"\r\n").split(b":")]
    return parts + [""] * (FIELDS - len(parts))


def _text(raw: bytes) -> str:
    """gpg writes special bytes as \\xNN; what is no UTF-8 stays visible as such."""
    if b"\\" in raw:
        raw = ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw)
    return raw.decode("utf-8", "backslashreplace")


def _key(block: list[list[str]]) -> Key:
    parts: list[Subkey] = []
    user_ids: list[UserId] = []
    digests: list[int] = []
    own, signatures, newest = block[0][4], 0, 0
    in_user_id = False
    for fields in block:
        kind = fields[0]
        if kind in ("pub", "sec", "sub", "ssb"):
            parts.append(_part(fields))
        elif kind == "fpr" and not parts[-1].fingerprint:
            parts[-1] = replace(parts[-1], fingerprint=fields[9])
        elif kind == "uid":
            user_ids.append(UserId(fields[9], fields[1] == "r", fields[1] == "e"))
            in_user_id, newest = True, 0
        elif kind == "sig":
            signatures += 1
            at, signature_class = _number(fields[5]), fields[10][:2]
            if fields[4] != own:
                continue
            if in_user_id and signature_class in SELF_SIGNATURES and at >= newest and len(parts) == 1:
                newest = at
                user_ids[-1] = replace(user_ids[-1], digest=_number(fields[15]))
            elif signature_class == BINDING:
                digests.append(_number(fields[15]))
    return Key(
        primary=parts[0],
        user_ids=tuple(user_ids),
        subkeys=tuple(parts[1:]),
        disabled="D" in block[0][11],
        signatures=signatures,
        subkey_digests=tuple(digests),
    )


def _part(fields: list[str]) -> Subkey:
    return Subkey(
        fingerprint="",
        algorithm=_number(fields[3]),
        bits=_number(fields[2]),
        curve=fields[16],
        capabilities=frozenset(c for c in fields[11] if c in "csea"),
        created=_time(fields[5]),
        expires=_time(fields[6]),
        revoked=fields[1] == "r",
        expired=fields[1] == "e",
        invalid=fields[1] in ("i", "n") and fields[0] in ("sub", "ssb"),
        secret=_secret(fields),
    )


def _secret(fields: list[str]) -> Secret:
    if fields[0] not in ("sec", "ssb"):
        return Secret.NONE
    return STATES.get(fields[14], Secret.AWAY if fields[14] else Secret.HERE)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC) if text else None
    except (ValueError, OverflowError, OSError):
        return None
