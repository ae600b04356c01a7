"""What gpg says of signatures, read without trust: anything but a whole and good answer is not good."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from safecomm.core.language import N_, tr
from safecomm.core.words import Status
from safecomm.pgp.gpg import Status as Line
from safecomm.pgp.lint import WEAK_DIGESTS
from safecomm.pgp.verified import Verified

SAID = {
    "good": (Status.PASS, N_("Signed by {name} (you verified this key on {verified}), on {at}, unchanged.")),
    "unverified": (
        Status.UNKNOWN,
        N_("Signed with a key that calls itself {name}, on {at}. You have not verified that key."),
    ),
    "no_key": (Status.UNKNOWN, N_("Signed with a key that you do not have ({name}).")),
    "no_signature": (Status.UNKNOWN, N_("There is no signature.")),
    "text_outside": (
        Status.UNKNOWN,
        N_("Only a part of this is signed: there is text outside the signature."),
    ),
    "bad": (Status.FAIL, N_("BAD SIGNATURE: this was changed, or is not from {name}.")),
    "expired_signature": (Status.FAIL, N_("This signature has expired.")),
    "expired_key": (Status.FAIL, N_("Signed with a key of {name} that has expired.")),
    "revoked_key": (Status.FAIL, N_("Signed with a key of {name} that is revoked.")),
    "weak": (Status.FAIL, N_("This signature uses SHA-1 or older, which can be forged.")),
    "not_understood": (Status.UNKNOWN, N_("This signature cannot be checked by your GnuPG.")),
}
RESULTS = {
    "GOODSIG": "unverified",
    "EXPSIG": "expired_signature",
    "EXPKEYSIG": "expired_key",
    "REVKEYSIG": "revoked_key",
    "BADSIG": "bad",
    "ERRSIG": "not_understood",
}
NO_PUBLIC_KEY = "9"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: cause is a code of SAID; fingerprint is the primary key's; name: text from outside."""

    cause: str
    fingerprint: str = ""
    key_id: str = ""
    name: str = ""
    at: datetime | None = None
    verified: Verified | None = None

    @property
    def status(self) -> Status:
        """PASS only for a good signature by a verified key."""
        return SAID[self.cause][0]

    @property
    def message(self) -> str:
        """One sentence."""
        return tr(
            SAID[self.cause][1],
            name=self.name or self.fingerprint or self.key_id or "?",
            at=_day(self.at),
            verified=_day(self.verified.at if self.verified else None),
        )


def signatures(lines: Sequence[Line], verified: Callable[[str], Verified | None]) -> tuple[Signature, ...]:
    """One for each NEWSIG of gpg's status lines (GnuPG's doc/DETAILS)."""
    return tuple(_read(group, verified) for group in _groups(lines))


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] | None = None
    for line in lines:
        if line[0] == "NEWSIG":
            if group is not None:
                yield group
            group = []
        elif line[0] in RESULTS and group is None:
            group = [line]
        elif group is not None:
            group.append(line)
    if group is not None:
        yield group


def _read(group: Sequence[Line], verified: Callable[[str], Verified | None]) -> Signature:
    results = [line for line in group if line[0] in RESULTS]
    valid = [values for name, values in group if name == "VALIDSIG"]
    if len(results) != 1 or len(valid) > 1:
        return Signature("not_understood" if len(results) < 2 else "bad")
    keyword, values = results[0]
    key_id = values[0] if values else ""
    name = " ".join(values[1:]) if keyword != "ERRSIG" else ""
    cause = RESULTS[keyword]
    if keyword == "ERRSIG":
        no_key = len(values) > 5 and values[5] == NO_PUBLIC_KEY
        return Signature("no_key" if no_key else cause, key_id=key_id)
    if not valid or len(valid[0]) < 10:
        return Signature(cause if cause != "unverified" else "not_understood", key_id=key_id, name=name)
    fields = valid[0]
    primary = fields[9]
    if cause == "unverified" and (not fields[7].isdecimal() or int(fields[7]) in WEAK_DIGESTS):
        cause = "weak"
    known = verified(primary)
    if cause == "unverified" and known is not None:
        cause = "good"
    return Signature(cause, primary, key_id, name, _time(fields[2]), known)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _day(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "?"


def worst(found: Sequence[Signature]) -> Signature:
    """The one that decides: a single bad one outweighs all good ones."""
    order = (Status.FAIL, Status.UNKNOWN, Status.PASS)
    return min(found, key=lambda each: order.index(each.status), default=Signature("no_signature"))
