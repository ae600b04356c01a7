"""How old Tor's list of relays may be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.health.consensus import CHECK, Consensus, consensus_time
from safecomm.core.policy import Policy
from safecomm.core.words import GOOD, Status
from safecomm.run import conclude_check
from tests.checks.world import NOW, FakeWorld, judged

MOMENTS = st.datetimes(timezones=st.just(UTC))


def told(moment: timedelta) -> str:
    return (NOW + moment).strftime("%Y-%m-%d %H:%M:%S")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("begins", "ends", "status", "cause"),
    [
        (hours(-1), hours(2), Status.PASS, "ok"),
        (timedelta(seconds=-20), timedelta(seconds=40), Status.PASS, "ok"),
        (timedelta(seconds=119), hours(3), Status.PASS, "ok"),
        (hours(-3), timedelta(seconds=-119), Status.PASS, "ok"),
        (hours(-3), timedelta(seconds=-121), Status.UNKNOWN, "expired"),
        (hours(-20), hours(-17), Status.UNKNOWN, "expired"),
        (hours(-28), hours(-25), Status.FAIL, "too_old"),
        (timedelta(seconds=121), hours(3), Status.FAIL, "from_future"),
        (hours(2), hours(-2), Status.UNKNOWN, "none"),
    ],
)
def test_now_must_lie_between_its_beginning_and_its_end(
    begins: timedelta, ends: timedelta, status: Status, cause: str
) -> None:
    infos = {
        "consensus/valid-after": told(begins),
        "consensus/fresh-until": told(begins),
        "consensus/valid-until": told(ends),
    }
    finding = judged(CHECK, FakeWorld(infos=infos))
    assert (finding.status, finding.cause) == (status, cause)


@pytest.mark.parametrize("missing", ["consensus/valid-after", "consensus/valid-until"])
@pytest.mark.parametrize("answer", ["", "soon", "2026-11-23", "2026-13-45 18:00:00"])
def test_an_empty_or_odd_answer_is_no_consensus(missing: str, answer: str) -> None:
    infos = {
        "consensus/valid-after": told(hours(-1)),
        "consensus/fresh-until": "",
        "consensus/valid-until": told(hours(2)),
        missing: answer,
    }
    finding = judged(CHECK, FakeWorld(infos=infos))
    assert (finding.status, finding.cause) == (Status.UNKNOWN, "none")


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS, st.integers(0, 10**6))
def test_no_moment_in_history_breaks_it_or_is_good_outside_the_list(
    now: datetime, after: datetime | None, until: datetime | None, tolerance: int
) -> None:
    finding = conclude_check(
        CHECK, Consensus(now, after, None, until), Policy(clock_tolerance_s=tolerance), True
    )
    give = timedelta(seconds=tolerance)
    if finding.status in GOOD:
        assert after is not None
        assert until is not None
        assert after - now <= give
        assert now - until <= give


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    assert consensus_time(text) is None or text
