"""The life of a key of one's own: made, extended, given a new encryption subkey, revoked."""

import re
from collections.abc import Sequence
from pathlib import Path

from safecomm.pgp.gpg import Gpg, Told, why
from safecomm.pgp.key import Key
from safecomm.pgp.keyring import IMPORT, Keyring
from safecomm.pgp.refused import Refused

PERIOD = re.compile(r"never|[1-9][0-9]{0,3}[dwmy]|[0-9]{4}-[0-9]{2}-[0-9]{2}")
REASONS = {"none": "0", "compromised": "1", "superseded": "2", "no-longer-used": "3"}
REVOCATIONS = "openpgp-revocs.d"
NAME_LIMIT = 100
SHORTEST = 12


def check_name(name: str, address: str = "") -> None:
    """Refused if these cannot stand on a key."""
    plain = all(c.isprintable() and c not in "<>()" for c in name + address)
    fits = len(name.strip()) > 0 and len(name) + len(address) <= NAME_LIMIT
    if not plain or not fits or (address and not re.fullmatch(r"[^\s@]+@[^\s@]+", address)):
        raise Refused("bad_name")


def generate(ring: Keyring, name: str, address: str, passphrase: str, expire: str) -> Key:
    """A certify-only Ed25519 primary key with an Ed25519 signing and a Curve25519 encryption subkey."""
    check_name(name, address)
    if len(passphrase) < SHORTEST or len(set(passphrase)) < SHORTEST // 2:
        raise Refused("weak_passphrase")
    parameters = {
        "Key-Type": "eddsa",
        "Key-Curve": "ed25519",
        "Key-Usage": "cert",
        "Name-Real": name.strip(),
        **({"Name-Email": address} if address else {}),
        "Expire-Date": "0" if expire == "never" else expire,
    }
    asked = "".join(f"{key}: {value}\n" for key, value in parameters.items())
    told = ring.gpg.must("--full-generate-key", data=asked.encode(), passphrase=passphrase)
    created = told.first("KEY_CREATED")
    if created is None:
        raise Refused("failed")
    fingerprint = created[1]
    try:
        for algorithm, use in (("ed25519", "sign"), ("cv25519", "encr")):
            ring.gpg.must("--quick-add-key", fingerprint, algorithm, use, expire, passphrase=passphrase)
        return ring.secret(fingerprint)
    except BaseException:  # half a key is none
        ring.gpg.run("--yes", "--delete-secret-and-public-key", fingerprint)
        raise


def revocation_certificate(ring: Keyring, key: Key) -> Path | None:
    """The certificate that was made with the key, if it is still there."""
    file = ring.place / REVOCATIONS / f"{key.fingerprint}.rev"
    return file if file.is_file() else None


def extend(ring: Keyring, key: Key, expire: str, passphrase: str | None) -> Key:
    """A new expiry for the primary key and all its usable subkeys."""
    _done(
        ring,
        key,
        ring.gpg.run("--quick-set-expire", key.fingerprint, expire, passphrase=passphrase),
        passphrase,
    )
    if any(part.usable or part.expired for part in key.subkeys):
        told = ring.gpg.run("--quick-set-expire", key.fingerprint, expire, "*", passphrase=passphrase)
        _done(ring, key, told, passphrase)
    return ring.secret(key.fingerprint)


def rotate(ring: Keyring, key: Key, expire: str, passphrase: str | None, *, keep_old: bool) -> Key:
    """A new encryption subkey; the old ones are revoked as superseded, and still decrypt what they can."""
    told = ring.gpg.run("--quick-add-key", key.fingerprint, "cv25519", "encr", expire, passphrase=passphrase)
    _done(ring, key, told, passphrase)
    for part in key.subkeys:
        if not keep_old and part.usable and "e" in part.capabilities:
            revoke_subkey(ring, key, part.fingerprint, "superseded", passphrase)
    return ring.secret(key.fingerprint)


def revoke_subkey(ring: Keyring, key: Key, subkey: str, reason: str, passphrase: str | None) -> Key:
    """Revoke one subkey."""
    lines = (f"key {subkey}", "revkey", "y", REASONS[reason], "", "y", "save")
    _done(ring, key, _edit(ring.gpg, lines, ("--edit-key", key.fingerprint), passphrase), passphrase)
    after = ring.secret(key.fingerprint)
    if not any(part.fingerprint == subkey and part.revoked for part in after.subkeys):
        raise _refusal(ring, key, passphrase)
    return after


def revoke(ring: Keyring, key: Key, reason: str, passphrase: str | None) -> Key:
    """Revoke the whole key; it cannot be taken back."""
    lines = ("y", REASONS[reason], "", "y")
    told = _edit(ring.gpg, lines, ("--armor", "--gen-revoke", key.fingerprint), passphrase)
    _done(ring, key, told, passphrase)
    return _with_revocation(ring, key, told.data)


def revoke_with_certificate(ring: Keyring, key: Key) -> Key:
    """Revoke with the certificate made with the key: no passphrase is needed."""
    file = revocation_certificate(ring, key)
    if file is None:
        raise Refused("no_passphrase")
    return _with_revocation(ring, key, file.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))


def _with_revocation(ring: Keyring, key: Key, certificate: bytes) -> Key:
    ring.gpg.run(*IMPORT, "--import", data=certificate)
    after = ring.find(key.fingerprint)
    if not after.primary.revoked:
        raise Refused("failed")
    return after


def certify(ring: Keyring, key: Key, by: Key, passphrase: str | None, *, exportable: bool) -> None:
    """Sign another's key: for this keyring alone, or for everybody to see."""
    command = "--quick-sign-key" if exportable else "--quick-lsign-key"
    hidden = [f"default-key {by.fingerprint}"]
    told = ring.gpg.run("--yes", command, key.fingerprint, passphrase=passphrase, hidden=hidden)
    _done(ring, by, told, passphrase)


def opens(ring: Keyring, key: Key, passphrase: str) -> bool:
    """Whether the passphrase is the key's."""
    told = ring.gpg.run("--dry-run", "--passwd", key.fingerprint, passphrase=passphrase)
    return told.said("SUCCESS")


def _edit(gpg: Gpg, lines: Sequence[str], args: Sequence[str], passphrase: str | None) -> Told:
    typed = "".join(f"{line}\n" for line in lines).encode()
    return gpg.run("--no-batch", "--command-fd", "0", *args, data=typed, passphrase=passphrase)


def _done(ring: Keyring, key: Key, told: Told, passphrase: str | None) -> None:
    if told.returncode != 0:
        refusal = why(told)
        raise _refusal(ring, key, passphrase) if refusal.cause == "failed" else refusal


def _refusal(ring: Keyring, key: Key, passphrase: str | None) -> Refused:
    """gpg does not always say why: a wrong passphrase is the usual reason."""
    if passphrase is None:
        return Refused("no_passphrase")
    return Refused("failed" if opens(ring, key, passphrase) else "wrong_passphrase")
