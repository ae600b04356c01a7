"""A keyring: what keys are in it, and what others would be if they came in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from safecomm.core.words import Status
from safecomm.home import home
from safecomm.pgp.colons import keys
from safecomm.pgp.gpg import Gpg, why
from safecomm.pgp.home import own_home, scratch_home
from safecomm.pgp.key import Key
from safecomm.pgp.lint import Fault, faults
from safecomm.pgp.packets import KEYS, POST_QUANTUM, SECRET, key_versions
from safecomm.pgp.refused import Refused
from safecomm.pgp.verified import Verified, keep_verified, read_verified

FOLDER = "gnupg"
LARGEST = 64 << 20
IMPORT = ("--trust-model=pgp",)  # "always" fails on a revoked key where there is no trustdb yet
SHOW = (
    *IMPORT,
    "--import-options",
    "show-only",
    "--with-sig-list",
    "--with-fingerprint",
    "--with-fingerprint",
    "--import",
)


@dataclass(frozen=True, slots=True)
class Keyring:
    """An open keyring; place is its folder, own: it is SafeComm's."""

    gpg: Gpg
    place: Path
    own: bool

    @property
    def version(self) -> str:
        """GnuPG's."""
        return ".".join(map(str, self.gpg.version))

    def all(self) -> tuple[Key, ...]:
        """Every key, with which secret parts are here; Refused if the keyring cannot be read."""
        how = ("--with-fingerprint", "--with-fingerprint")
        public = keys(self.gpg.must("--list-keys", *how).data.splitlines())
        secret = {
            key.fingerprint: key for key in keys(self.gpg.must("--list-secret-keys", *how).data.splitlines())
        }
        return tuple(_joined(key, secret.get(key.fingerprint)) for key in public)

    def find(self, text: str) -> Key:
        """The one key of this fingerprint, key id (16 digits) or address; Refused if there is none."""
        wanted = "".join(text.split()).upper().removeprefix("0X")
        everything = self.all()
        fitting = [key for key in everything if key.fingerprint == wanted]
        if not fitting and len(wanted) == 16:
            fitting = [
                key
                for key in everything
                if any(part.fingerprint.endswith(wanted) for part in (key.primary, *key.subkeys))
            ]
        if not fitting and "@" in text:
            fitting = [key for key in everything if text.strip().lower() in {u.address for u in key.user_ids}]
        if len(fitting) != 1:
            raise Refused("ambiguous" if fitting else "no_key", text=text)
        return fitting[0]

    def secret(self, text: str) -> Key:
        """As find, of a key of the user's own."""
        key = self.find(text)
        if not key.mine:
            raise Refused("no_secret_key")
        return key

    def verified(self, key: Key) -> Verified | None:
        """How and when the user has verified it."""
        return read_verified().get(key.fingerprint)

    def bring_in(self, data: bytes, accepted: Sequence[str] = ()) -> tuple[Mapping[str, str], ...]:
        """Import keys, unless one has a fault of status FAIL that was not accepted; what became of each."""
        found = inspect(data, self.all())
        stopped = [
            f for _, faults_ in found for f in faults_ if f.status is Status.FAIL and f.code not in accepted
        ]
        revocation_only = {f.code for f in stopped} <= {"revoked", "expired"} and all(
            self._knows(key) for key, _ in found
        )
        if stopped and not revocation_only:
            raise Refused("stopped")
        told = self.gpg.run(*IMPORT, "--import", data=data)
        results = tuple(_import_result(values) for values in told.all("IMPORT_OK"))
        if not results:
            raise why(told)
        return results

    def _knows(self, key: Key) -> bool:
        return any(known.fingerprint == key.fingerprint for known in self.all())

    def delete(self, key: Key, *, secret_only: bool = False) -> None:
        """Delete a key from the keyring, its secret half first; or only that."""
        if key.mine:
            self.gpg.must("--yes", "--delete-secret-keys", key.fingerprint)
        if not secret_only:
            self.gpg.must("--yes", "--delete-keys", key.fingerprint)
            keep_verified(key.fingerprint, None)


@contextmanager
def open_keyring(folder: Path | None = None) -> Iterator[Keyring]:
    """SafeComm's own keyring, or the user's in this folder, whose agent is left as it is."""
    if folder is not None:
        yield Keyring(Gpg(folder.absolute()), folder.absolute(), own=False)
        return
    place = home() / FOLDER
    with own_home(place) as short:
        yield Keyring(Gpg(short), place, own=True)


def inspect(data: bytes, known: Sequence[Key] = ()) -> tuple[tuple[Key, tuple[Fault, ...]], ...]:
    """The keys in some data and what is wrong with each, without keeping any; Refused if there are none."""
    if len(data) > LARGEST:
        raise Refused("too_large")
    packets = [packet for packet in key_versions(data) if packet[0] in KEYS]
    with scratch_home() as scratch:
        gpg = Gpg(scratch)
        found = tuple(keys(gpg.run(*SHOW, data=data).data.splitlines()))
    if not found:
        newer = next(
            (
                _newer(version, algorithm)
                for _, version, algorithm in packets
                if version > 4 or algorithm in POST_QUANTUM
            ),
            None,
        )
        raise Refused("unsupported", kind=newer) if newer else Refused("unreadable")
    now = datetime.now(UTC)
    secret = any(tag in SECRET for tag, _, _ in packets)
    stop = (Fault("secret_key", Status.FAIL, {}),)
    return tuple((key, (*(stop if secret or key.mine else ()), *faults(key, now, known))) for key in found)


def _newer(version: int, algorithm: int) -> str:
    if algorithm in POST_QUANTUM:
        return f"post-quantum, version {version}"
    return {5: "LibrePGP, version 5", 6: "RFC 9580, version 6"}.get(version, f"version {version}")


def _joined(key: Key, secret: Key | None) -> Key:
    if secret is None:
        return key
    state = {part.fingerprint: part.secret for part in (secret.primary, *secret.subkeys)}
    parts = [replace(p, secret=state.get(p.fingerprint, p.secret)) for p in (key.primary, *key.subkeys)]
    return replace(key, primary=parts[0], subkeys=tuple(parts[1:]))


def _import_result(values: Sequence[str]) -> Mapping[str, str]:
    """IMPORT_OK (doc/DETAILS): bit flags, then the fingerprint."""
    flags = int(values[0]) if values[0].isdecimal() else 0
    return {
        "fingerprint": values[1] if values[1:] else "",
        "change": "new" if flags & 1 else "updated" if flags else "unchanged",
    }
