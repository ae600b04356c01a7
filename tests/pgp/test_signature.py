"""Whatever gpg says, only one whole good answer of a verified key is good."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.core.words import Status
from safecomm.pgp.signature import RESULTS, Signature, signatures, worst
from safecomm.pgp.verified import Verified

FPR = "A529F63EE574EA121F538F0B4499A903DFE98389"
KNOWN = {FPR: Verified("voice", datetime(2026, 5, 3, tzinfo=UTC))}
VALID = (FPR, "2026-11-24", "1795536302", "0", "4", "0", "22", "10", "01", FPR)
NEW, GOOD = ("NEWSIG", ()), ("GOODSIG", (FPR[-16:], "Amina"))


def decided(*lines: tuple[str, tuple[str, ...]]) -> Signature:
    return worst(signatures(lines, KNOWN.get))


def test_a_good_signature_of_a_verified_key_is_good() -> None:
    assert decided(NEW, GOOD, ("VALIDSIG", VALID)).cause == "good"


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        ((), "no_signature"),
        ((NEW,), "not_understood"),
        ((NEW, GOOD), "not_understood"),
        ((NEW, ("VALIDSIG", VALID)), "not_understood"),
        ((NEW, GOOD, ("VALIDSIG", VALID[:5])), "not_understood"),
        ((NEW, GOOD, ("VALIDSIG", (*VALID[:7], "2", *VALID[8:]))), "weak"),
        ((NEW, GOOD, ("VALIDSIG", (*VALID[:9], "0" * 40))), "unverified"),
        ((NEW, GOOD, GOOD, ("VALIDSIG", VALID)), "bad"),
        ((NEW, ("BADSIG", (FPR[-16:], "Amina"))), "bad"),
        ((NEW, ("BADSIG", (FPR[-16:], "Amina")), ("VALIDSIG", VALID)), "bad"),
        ((NEW, ("EXPKEYSIG", (FPR[-16:], "Amina")), ("VALIDSIG", VALID)), "expired_key"),
        ((NEW, ("EXPSIG", (FPR[-16:], "Amina")), ("VALIDSIG", VALID)), "expired_signature"),
        ((NEW, ("REVKEYSIG", (FPR[-16:], "Amina")), ("VALIDSIG", VALID)), "revoked_key"),
        ((NEW, ("ERRSIG", (FPR[-16:], "22", "10", "01", "0", "9", FPR))), "no_key"),
        ((NEW, ("ERRSIG", (FPR[-16:], "99", "10", "01", "0", "4", FPR))), "not_understood"),
        ((NEW, GOOD, ("VALIDSIG", VALID), NEW, ("BADSIG", ("0", "x"))), "bad"),
        ((NEW, GOOD, ("VALIDSIG", VALID), NEW), "not_understood"),
    ],
)
def test_anything_less_is_not_good(lines: tuple[tuple[str, tuple[str, ...]], ...], cause: str) -> None:
    assert decided(*lines).cause == cause


LINES = st.tuples(
    st.sampled_from(["NEWSIG", "VALIDSIG", "PLAINTEXT", *RESULTS]),
    st.one_of(st.just(VALID), st.lists(st.text(max_size=20), max_size=12).map(tuple)),
)


@given(st.lists(LINES, max_size=8))
def test_no_other_word_of_gpg_makes_good(lines: list[tuple[str, tuple[str, ...]]]) -> None:
    seen = decided(*lines)
    words = [name for name, _ in lines if name in RESULTS]
    assert seen.message
    if seen.status is Status.PASS:
        assert set(words) == {"GOODSIG"}
        assert all(fields == VALID for name, fields in lines if name == "VALIDSIG")


def test_nobody_verified_means_nobody_is_good() -> None:
    assert worst(signatures((NEW, GOOD, ("VALIDSIG", VALID)), lambda _: None)).status is Status.UNKNOWN
