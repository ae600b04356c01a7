"""A backup of one's own key: an encrypted file that plain GnuPG can open too.

The file is an OpenPGP message, encrypted with a passphrase (AES-256, S2K iterated and salted with
SHA-512), that holds the armored secret key, itself still locked with its own passphrase.
Without SafeComm: gpg --decrypt backup.asc | gpg --import
"""

from safecomm.pgp.gpg import why
from safecomm.pgp.key import Key
from safecomm.pgp.keyring import IMPORT, Keyring, inspect
from safecomm.pgp.own import opens
from safecomm.pgp.refused import Refused

LOCK = (
    "--symmetric", "--armor", "--cipher-algo=AES256", "--s2k-mode=3", "--s2k-digest-algo=SHA512",
    "--s2k-count=65011712", "--compress-level=0", "--no-emit-version",
)  # fmt: skip


def back_up(ring: Keyring, key: Key, key_passphrase: str, backup_passphrase: str) -> bytes:
    """The encrypted backup; it is opened again before it is given."""
    told = ring.gpg.run("--export-secret-keys", "--armor", key.fingerprint, passphrase=key_passphrase)
    if not told.data or told.returncode != 0:
        raise why(told) if opens(ring, key, key_passphrase) else Refused("wrong_passphrase")
    locked = ring.gpg.must(*LOCK, data=told.data, passphrase=backup_passphrase).data
    if opened(ring, locked, backup_passphrase)[0].fingerprint != key.fingerprint:
        raise Refused("failed")
    return locked


def opened(ring: Keyring, locked: bytes, passphrase: str) -> tuple[Key, ...]:
    """The keys in a backup, which proves that it opens; Refused if it does not."""
    return tuple(key for key, _ in inspect(_unlocked(ring, locked, passphrase)))


def restore(ring: Keyring, locked: bytes, passphrase: str) -> tuple[Key, ...]:
    """Bring the keys of a backup into the keyring."""
    data = _unlocked(ring, locked, passphrase)
    found = tuple(key for key, _ in inspect(data))
    told = ring.gpg.run(*IMPORT, "--import", data=data)
    if not told.said("IMPORT_OK"):
        raise why(told)
    return tuple(ring.secret(key.fingerprint) for key in found)


def _unlocked(ring: Keyring, locked: bytes, passphrase: str) -> bytes:
    told = ring.gpg.run("--decrypt", data=locked, passphrase=passphrase)
    if told.said("DECRYPTION_OKAY") and told.said("GOODMDC") and told.returncode == 0:
        return told.data
    if not told.said("NEED_PASSPHRASE_SYM", "ENC_TO"):
        raise Refused("not_encrypted")
    raise Refused("damaged" if told.said("BADMDC") else "wrong_passphrase")
