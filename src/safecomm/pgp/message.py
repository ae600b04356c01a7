"""Messages and files: encrypt, decrypt, sign, verify; what fails leaves nothing behind."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from safecomm.core.words import Status
from safecomm.pgp.gpg import Told, why
from safecomm.pgp.key import Key
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.lint import must_be_able
from safecomm.pgp.refused import Refused
from safecomm.pgp.signature import Signature, signatures, worst
from safecomm.pgp.verified import Verified

QUIET = ("--no-emit-version", "--no-comments", "--compress-level=0")
STRONG = ("--cipher-algo=AES256", "--digest-algo=SHA512", "--force-mdc")
LOCK = ("--s2k-mode=3", "--s2k-digest-algo=SHA512", "--s2k-count=65011712")
LARGEST_TEXT = 32 << 20
FULL = 1 << 20
BEGIN, END = b"-----BEGIN PGP SIGNED MESSAGE-----", b"-----END PGP SIGNATURE-----"


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted or verified message: its text (None where it went to a file) and its signatures."""

    text: bytes | None
    signatures: tuple[Signature, ...]

    @property
    def decisive(self) -> Signature:
        """The signature that decides."""
        return worst(self.signatures)


@contextmanager
def whole_file(output: Path) -> Iterator[Path]:
    """A private file beside output, which takes its name only if all went well; never over another."""
    if output.exists() or output.is_symlink():
        raise Refused("exists", text=output)
    folder = Path(tempfile.mkdtemp(prefix=".safecomm-", dir=output.parent))
    written = folder / "part"
    try:
        yield written
        written.chmod(0o600)
        try:
            os.link(written, output)  # fails if somebody has taken the name meanwhile
        except FileExistsError:
            raise Refused("exists", text=output) from None
        except OSError:  # a file system without links
            written.rename(output)
    except Refused as refused:  # gpg does not say that it could not write
        if refused.cause in ("failed", "damaged") and shutil.disk_usage(folder).free < FULL:
            raise Refused("disk_full") from refused
        raise
    finally:
        with contextlib.suppress(OSError):
            written.unlink()
        folder.rmdir()


def encrypt(
    ring: Keyring,
    data: bytes | BinaryIO,
    output: Path | None,
    recipients: Sequence[Key],
    *,
    symmetric: str | None = None,
    signer: Key | None = None,
    passphrase: str | None = None,
    hidden: bool = False,
    armor: bool = True,
) -> bytes:
    """Encrypt to keys that can be used, or with a passphrase alone; the bytes, or none if to a file."""
    for key in recipients:
        must_be_able(key, "e")
    options = [f"{'hidden-recipient' if hidden else 'recipient'} {key.fingerprint}" for key in recipients]
    args = [*QUIET, *STRONG, *(("--armor",) if armor else ())]
    secret = passphrase
    if symmetric is not None:
        args += ["--symmetric", *LOCK]
        secret = symmetric
    if recipients:
        args.append("--encrypt")
    if signer is not None:
        args.append("--sign")
        options.append(f"local-user {signer.fingerprint}")
    return _into(ring, output, args, data, secret, options)


def sign(
    ring: Keyring,
    data: bytes | BinaryIO,
    output: Path | None,
    signer: Key,
    passphrase: str | None,
    how: str,
    *,
    armor: bool,
) -> bytes:
    """how: detach-sign, clear-sign or sign."""
    args = [*QUIET, *STRONG, *(("--armor",) if armor and how != "clear-sign" else ()), f"--{how}"]
    return _into(ring, output, args, data, passphrase, [f"local-user {signer.fingerprint}"])


def _into(
    ring: Keyring,
    output: Path | None,
    args: Sequence[str],
    data: bytes | BinaryIO,
    passphrase: str | None,
    hidden: Sequence[str],
) -> bytes:
    if output is None:
        return ring.gpg.must(*args, data=data, passphrase=passphrase, hidden=hidden).data
    with whole_file(output) as part:
        ring.gpg.must("--output", str(part), *args, data=data, passphrase=passphrase, hidden=hidden)
    return b""


def decrypt(
    ring: Keyring,
    data: bytes | BinaryIO,
    output: Path | None,
    passphrase: str | None,
    verified: dict[str, Verified],
) -> Opened:
    """Decrypt; nothing is given or kept unless the whole message passed its integrity check."""
    if output is None:
        limit = ("--max-output", str(LARGEST_TEXT))
        told = ring.gpg.run(*limit, "--decrypt", data=data, passphrase=passphrase)
        _whole(told)
        return Opened(told.data, signatures(told.status, verified.get))
    with whole_file(output) as part:
        told = ring.gpg.run("--output", str(part), "--decrypt", data=data, passphrase=passphrase)
        _whole(told)
    return Opened(None, signatures(told.status, verified.get))


def _whole(told: Told) -> None:
    """One plaintext, wholly decrypted, its integrity checked (RFC 9580, section 13.4; EFAIL)."""
    info = told.first("DECRYPTION_INFO")
    checked = told.said("GOODMDC") or (info is not None and len(info) > 2 and info[2] != "0")
    good = told.said("DECRYPTION_OKAY") and checked and len(told.all("PLAINTEXT")) == 1
    wrong = told.said("DECRYPTION_FAILED", "BADMDC", "UNEXPECTED", "NODATA", "TRUNCATED")
    doubtful = told.said("ERRSIG", "BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG")  # gpg's code tells that too
    if not good or wrong or (told.returncode != 0 and not doubtful):
        raise _undecrypted(told)


def _undecrypted(told: Told) -> Refused:
    if not told.said("ENC_TO", "NEED_PASSPHRASE_SYM", "BEGIN_DECRYPTION"):
        return Refused("not_encrypted")
    if told.said("DECRYPTION_KEY", "BADMDC"):
        return Refused("damaged")
    refusal = why(told)
    if refusal.cause != "failed":
        return refusal
    if told.said("NO_SECKEY"):
        return Refused("no_secret_for_it")
    return Refused("wrong_passphrase" if told.said("NEED_PASSPHRASE_SYM") else "damaged")


def verify(
    ring: Keyring, data: bytes | BinaryIO, detached: Path | None, verified: dict[str, Verified]
) -> Opened:
    """Verify a signed message, or data against a detached signature; its text only if that is all signed."""
    if detached is not None:
        told = ring.gpg.run(
            "--enable-special-filenames", "--verify", str(detached.absolute()), "-", data=data
        )
        return Opened(None, _checked(told, verified))
    if not isinstance(data, bytes):
        data = data.read(LARGEST_TEXT)
    told = ring.gpg.run("--max-output", str(LARGEST_TEXT), "--decrypt", data=data)
    found = _checked(told, verified)
    if _text_outside(data):
        found = (*found, Signature("text_outside"))
    if len(told.all("PLAINTEXT")) > 1 or told.said("UNEXPECTED"):
        found = (*found, Signature("bad"))
    good = worst(found).status is not Status.FAIL and bool(found)
    return Opened(told.data if good else None, found)


def _checked(told: Told, verified: dict[str, Verified]) -> tuple[Signature, ...]:
    """gpg's exit code must agree with its good words."""
    found = signatures(told.status, verified.get)
    if told.returncode != 0 and worst(found).status is Status.PASS:
        return (*found, Signature("not_understood"))
    return found


def _text_outside(data: bytes) -> bool:
    if BEGIN not in data:
        return False
    before, _, rest = data.partition(BEGIN)
    after = rest.rpartition(END)[2]
    return bool(before.strip() or after.strip()) or BEGIN in rest
