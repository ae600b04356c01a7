"""What is wrong with a key, or odd about it: pure, from the key and the keys that are known already."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safecomm.core.language import JOINERS, N_, tr
from safecomm.core.words import Status
from safecomm.pgp.key import Key, Subkey, grouped
from safecomm.pgp.refused import Refused

RSA, ELGAMAL, DSA = frozenset({1, 2, 3}), frozenset({16, 20}), 17  # RFC 9580, section 9.1
WEAK_DIGESTS = frozenset({1, 2, 3})  # MD5, SHA-1, RIPEMD-160 (section 9.5)
SOON = timedelta(days=60)
MANY = 1000
LONG = 200
# Letters of other scripts that look like Latin ones (from Unicode's TR39 confusables)
LATIN = str.maketrans(
    "авеіјкмнорсԁтухѕԛԝαεικνορτυχгɡ",
    "abeijkmhopcdtyxsqwaeikvoptuxrg",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """status FAIL: the key must not be used. code is stable; the values fill its sentence."""

    code: str
    status: Status
    values: Mapping[str, object]

    @property
    def message(self) -> str:
        """One or two sentences for a person."""
        return tr(MESSAGES[self.code], **self.values)


MESSAGES = {
    "revoked": N_("This key is revoked: its owner has said not to use it any more."),
    "expired": N_("This key has expired. Ask its owner for the extended key."),
    "disabled": N_("This key is switched off in this keyring."),
    "broken": N_("This key is not signed by itself as it must be. Do not use it."),
    "no_user_id": N_("This key carries no name at all."),
    "legacy_algorithm": N_("This key uses an old algorithm ({algorithm}). Ask its owner for a new key."),
    "weak_key": N_("This key is too short ({bits} bits). Ask its owner for a new key."),
    "weak_signature": N_(
        "This key vouches for itself with SHA-1 or older, which can be forged. Ask for a renewed key."
    ),
    "no_encryption": N_("Nothing can be encrypted to this key: it has no usable encryption subkey."),
    "no_signing": N_("This key cannot sign: it has no usable signing subkey."),
    "no_expiry": N_("This key never expires. If it is lost, nobody will notice."),
    "expires_soon": N_("This key expires in {days} days."),
    "odd_characters": N_("A name on this key holds hidden or direction-changing characters."),
    "mixed_scripts": N_("A name on this key mixes letters that look alike: {name}."),
    "long_name": N_("A name on this key is unusually long."),
    "many_signatures": N_("This key carries {count} signatures: somebody may have flooded it."),
    "look_alike": N_("A name on this key looks like one you know, and is not the same: {name}."),
    "secret_key": N_(
        "STOP. This holds the SECRET half of a key. Take it in only if it is your own: you would trust"
        " whatever it signs."
    ),
    "other_key": N_(
        "STOP. You already have another key for {address}: {fingerprint}. Ask its owner, by another"
        " way, which one is right."
    ),
}


def faults(key: Key, now: datetime, known: Iterable[Key] = ()) -> tuple[Fault, ...]:
    """Everything wrong with it, the worst first."""
    found = [*_state(key, now), *_strength(key), *_names(key), *_known(key, known)]
    order = (Status.FAIL, Status.UNKNOWN, Status.WARN)
    return tuple(sorted(found, key=lambda fault: order.index(fault.status)))


def must_be_able(key: Key, capability: str = "") -> None:
    """Refused, with the reason, if the key must not be used, or cannot do this: s sign, e encrypt."""
    wrong = [fault for fault in faults(key, datetime.now(UTC)) if fault.status is Status.FAIL]
    if not wrong and capability and not key.can(capability):
        wrong = [_fault("no_encryption" if capability == "e" else "no_signing", Status.FAIL)]
    if wrong:
        raise Refused("unusable_key", text=key.fingerprint, why=wrong[0].message)


def _fault(code: str, status: Status, **values: object) -> Fault:
    return Fault(code, status, values)


def _state(key: Key, now: datetime) -> Iterable[Fault]:
    if key.primary.revoked:
        yield _fault("revoked", Status.FAIL)
    if key.primary.expired or (key.primary.expires is not None and key.primary.expires <= now):
        yield _fault("expired", Status.FAIL)
    if key.primary.invalid:
        yield _fault("broken", Status.FAIL)
    if key.disabled:
        yield _fault("disabled", Status.FAIL)
    if not key.user_ids:
        yield _fault("no_user_id", Status.UNKNOWN)
    if key.primary.usable:
        if not key.can("e"):
            yield _fault("no_encryption", Status.WARN)
        if key.primary.expires is None:
            yield _fault("no_expiry", Status.WARN)
        elif now < key.primary.expires <= now + SOON:
            yield _fault("expires_soon", Status.WARN, days=(key.primary.expires - now).days)


def _strength(key: Key) -> Iterable[Fault]:
    for part in (key.primary, *(subkey for subkey in key.subkeys if subkey.usable)):
        fault = _weak(part)
        if fault is not None:
            yield fault
            break
    digests = [uid.digest for uid in key.user_ids if not uid.revoked]
    if WEAK_DIGESTS & {*digests, *key.subkey_digests}:
        yield _fault("weak_signature", Status.WARN)


def _weak(part: Subkey) -> Fault | None:
    if part.algorithm == DSA or part.algorithm in ELGAMAL:
        name = "DSA" if part.algorithm == DSA else "Elgamal"
        return _fault("legacy_algorithm", Status.WARN, algorithm=name)
    if part.algorithm in RSA and part.bits < 2048:
        return _fault("weak_key", Status.FAIL, bits=part.bits)
    return None


def _names(key: Key) -> Iterable[Fault]:
    texts = [uid.text for uid in key.user_ids]
    if any(not (c.isprintable() or c in JOINERS) or "\\x" in text for text in texts for c in text):
        yield _fault("odd_characters", Status.WARN)
    mixed = next((text for text in texts if _mixes(text)), None)
    if mixed is not None:
        yield _fault("mixed_scripts", Status.WARN, name=mixed)
    if any(len(text) > LONG for text in texts):
        yield _fault("long_name", Status.WARN)
    if key.signatures > MANY:
        yield _fault("many_signatures", Status.WARN, count=key.signatures)


def _mixes(text: str) -> bool:
    """Whether one word holds Latin letters and Cyrillic or Greek ones."""
    for word in text.split():
        scripts = {unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            return True
    return False


def skeleton(text: str) -> str:
    """What a hurried reader takes a name for."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(LATIN)
    bare = "".join(c for c in folded if c.isalnum() or c in "@.")
    return bare.replace("0", "o").replace("1", "l").replace("rn", "m").replace("vv", "w")


def _known(key: Key, known: Iterable[Key]) -> Iterable[Fault]:
    addresses = {uid.address for uid in key.user_ids} - {""}
    texts = {uid.text for uid in key.user_ids}
    looks = {skeleton(text) for text in texts} - {""}
    alike = False
    for other in known:
        if other.fingerprint == key.fingerprint:
            continue
        theirs = {uid.address for uid in other.user_ids} - {""}
        for address in sorted(addresses & theirs):
            yield _fault("other_key", Status.FAIL, address=address, fingerprint=grouped(other.fingerprint))
        if not alike and not addresses & theirs:
            for uid in other.user_ids:
                if uid.text not in texts and skeleton(uid.text) in looks:
                    alike = True
                    yield _fault("look_alike", Status.FAIL, name=uid.text)
                    break
