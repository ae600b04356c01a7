"""What a key is, as plain data."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Secret(StrEnum):
    """Whether the secret half of a key is here; AWAY: it is kept elsewhere (a backup, a smartcard)."""

    NONE = "none"
    HERE = "here"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class UserId:
    """A name on a key, as its owner wrote it: text from outside. digest is of its newest self-signature."""

    text: str
    revoked: bool = False
    expired: bool = False
    digest: int = 0

    @property
    def address(self) -> str:
        """The mail address in it, lower case; empty if there is none."""
        inner = self.text.rpartition("<")[2].partition(">")[0] if "<" in self.text else self.text
        return inner.strip().lower() if "@" in inner and " " not in inner.strip() else ""


@dataclass(frozen=True, slots=True)
class Subkey:
    """One key packet, the primary too. capabilities: of c, s, e, a. algorithm: RFC 9580, section 9.1."""

    fingerprint: str
    algorithm: int
    bits: int
    curve: str
    capabilities: frozenset[str]
    created: datetime | None
    expires: datetime | None
    revoked: bool = False
    expired: bool = False
    invalid: bool = False
    secret: Secret = Secret.NONE

    @property
    def usable(self) -> bool:
        """Neither revoked nor expired nor broken."""
        return not (self.revoked or self.expired or self.invalid)


@dataclass(frozen=True, slots=True)
class Key:
    """An OpenPGP certificate: the primary key, its user ids and its subkeys."""

    primary: Subkey
    user_ids: tuple[UserId, ...] = ()
    subkeys: tuple[Subkey, ...] = ()
    disabled: bool = False
    signatures: int = 0
    subkey_digests: tuple[int, ...] = field(default=())

    @property
    def fingerprint(self) -> str:
        """40 hexadecimal digits, capitals."""
        return self.primary.fingerprint

    @property
    def mine(self) -> bool:
        """Whether a secret half of it is here or known to be elsewhere."""
        return any(part.secret is not Secret.NONE for part in (self.primary, *self.subkeys))

    def can(self, capability: str) -> bool:
        """Whether it can do this now: c certify, s sign, e encrypt."""
        parts = (self.primary, *self.subkeys)
        return self.primary.usable and any(p.usable and capability in p.capabilities for p in parts)

    @property
    def name(self) -> str:
        """The first user id that is not revoked, else any; text from outside."""
        good = [uid.text for uid in self.user_ids if not uid.revoked]
        return next(iter(good or [uid.text for uid in self.user_ids]), "")


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, as people compare it."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))
