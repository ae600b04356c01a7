"""Keys and signatures as other programs read them, and as lines for people."""

import base64
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from safecomm.cli.marks import Marks
from safecomm.cli.text import wrapped
from safecomm.core.evidence import as_time
from safecomm.core.finding import Json
from safecomm.core.language import N_, printable, tr
from safecomm.core.words import Status
from safecomm.pgp.key import Key, Subkey, grouped
from safecomm.pgp.lint import Fault, faults
from safecomm.pgp.signature import Signature
from safecomm.pgp.verified import Verified, read_verified

ALGORITHMS = {1: "RSA", 2: "RSA", 3: "RSA", 16: "Elgamal", 17: "DSA", 18: "ECDH", 19: "ECDSA", 22: "EdDSA"}


def key_json(key: Key, known: Mapping[str, Verified], found: tuple[Fault, ...]) -> dict[str, Json]:
    """A key as other programs read it."""
    verified = known.get(key.fingerprint)
    return {
        "fingerprint": key.fingerprint,
        "user_ids": [
            {"text": uid.text, "address": uid.address or None, "revoked": uid.revoked} for uid in key.user_ids
        ],
        "mine": key.mine,
        "verified": {"how": verified.how, "at": as_time(verified.at)} if verified else None,
        "usable": not any(fault.status is Status.FAIL for fault in found),
        "revoked": key.primary.revoked,
        "expired": any(fault.code == "expired" for fault in found),
        "created": as_time(key.primary.created) if key.primary.created else None,
        "expires": as_time(key.primary.expires) if key.primary.expires else None,
        "can": {name: key.can(name[0]) for name in ("certify", "sign", "encrypt")},
        "primary": _part_json(key.primary),
        "subkeys": [_part_json(part) for part in key.subkeys],
        "problems": [
            {"code": fault.code, "status": fault.status.value, "message": fault.message} for fault in found
        ],
    }


def _part_json(part: Subkey) -> dict[str, Json]:
    return {
        "fingerprint": part.fingerprint,
        "algorithm": algorithm(part),
        "bits": part.bits,
        "can": "".join(sorted(part.capabilities)),
        "created": as_time(part.created) if part.created else None,
        "expires": as_time(part.expires) if part.expires else None,
        "revoked": part.revoked,
        "expired": part.expired,
        "secret": part.secret.value,
    }


def algorithm(part: Subkey) -> str:
    """Its name and strength in a word."""
    return part.curve or f"{ALGORITHMS.get(part.algorithm, f'algorithm {part.algorithm}')}{part.bits or ''}"


def told_keys(found: tuple[Key, ...]) -> tuple[list[Json], tuple[str, ...]]:
    """Keys of the keyring as JSON and as lines for people."""
    known, now = read_verified(), datetime.now(UTC)
    documents: list[Json] = []
    lines: list[str] = []
    for key in found:
        wrong = faults(key, now)
        documents.append(key_json(key, known, wrong))
        lines += key_lines(key, known.get(key.fingerprint), wrong)
    return documents, tuple(lines)


def key_lines(key: Key, verified: Verified | None, found: tuple[Fault, ...]) -> list[str]:
    """A key for people: who, fingerprint, whether it is verified, what it can do, what is wrong."""
    lines = [printable(key.name or tr(N_("(no name)")), 74), f"  {grouped(key.fingerprint)}"]
    lines += [
        f"  {tr(N_('also'))}: {printable(uid.text, 66)}" for uid in key.user_ids if uid.text != key.name
    ]
    can = [
        tr(text)
        for letter, text in (("e", N_("encrypt")), ("s", N_("sign")), ("c", N_("certify")))
        if key.can(letter)
    ]
    until = key.primary.expires.strftime("%Y-%m-%d") if key.primary.expires else tr(N_("never"))
    if key.mine:
        whose = tr(N_("yours"))
    elif verified is not None:
        day = verified.at.astimezone().strftime("%Y-%m-%d")
        whose = tr(N_("verified by you on {day} ({how})"), day=day, how=verified.how)
    else:
        whose = tr(N_("NOT verified by you"))
    lines.append(f"  {whose} · {algorithm(key.primary)} · {', '.join(can) or '-'}")
    lines.append(f"  {tr(N_('expires: {day}'), day=until)}")
    marks = Marks.of(sys.stdout)
    for fault in found:
        lines += wrapped(fault.message, marks, "    ", f"  {marks.symbol(fault.status)} ")
    return [*lines, ""]


def worst_of(found: tuple[Fault, ...]) -> Status:
    """What faults come to: unusable, doubtful or good."""
    statuses = {fault.status for fault in found}
    return next((s for s in (Status.FAIL, Status.UNKNOWN) if s in statuses), Status.PASS)


def text_json(data: bytes | None) -> dict[str, Json]:
    """Text as text, other bytes in base64."""
    try:
        return {"text": None if data is None else data.decode("utf-8"), "base64": None}
    except UnicodeDecodeError:
        return {"text": None, "base64": base64.b64encode(data or b"").decode()}


def signature_json(signature: Signature) -> dict[str, Json]:
    """A signature as other programs read it."""
    verified = signature.verified
    return {
        "status": {"pass": "good", "fail": "bad"}.get(signature.status.value, "unknown"),
        "cause": signature.cause,
        "message": signature.message,
        "fingerprint": signature.fingerprint or None,
        "key_id": signature.key_id or None,
        "name": signature.name or None,
        "at": as_time(signature.at) if signature.at else None,
        "verified": {"how": verified.how, "at": as_time(verified.at)} if verified else None,
    }
