"""When an answer holds: by events, and by two clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safecomm.core.words import Status
from safecomm.live.events import Concluded, Found, Progressed, Started
from safecomm.tui.state import State
from tests.tui.play import BLIND, GOOD, LEAK, report

NOW = datetime.now(UTC)


def safe() -> State:
    told = replace(report(*GOOD), checked_at=NOW, valid_until=NOW + timedelta(seconds=300))
    state = State().after(Started(3, ""), NOW, 100.0).after(Concluded(3, told), NOW, 100.0)
    assert state.is_safe(NOW, 100.0)
    return state


@pytest.mark.parametrize(
    ("wall_s", "monotonic_s", "holds"),
    [
        pytest.param(60, 60, True, id="a minute later"),
        pytest.param(298, 298, True, id="just in time"),
        pytest.param(301, 301, False, id="its time is over"),
        pytest.param(120, 2, False, id="the computer slept"),
        pytest.param(90, 60, False, id="the clock was put forward"),
        pytest.param(30, 60, False, id="the clock was put back"),
        pytest.param(-3600, 60, False, id="the clock was put back behind the check"),
        pytest.param(10, 301, False, id="the clock stands still"),
    ],
)
def test_it_is_green_only_while_both_clocks_say_so(wall_s: int, monotonic_s: int, holds: bool) -> None:
    wall, monotonic = NOW + timedelta(seconds=wall_s), 100.0 + monotonic_s
    state = safe()
    assert state.is_safe(wall, monotonic) is holds
    assert state.aged(wall, monotonic).is_safe(wall, monotonic) is holds


def test_green_that_has_gone_does_not_come_back_when_the_clock_is_put_right() -> None:
    late = safe().aged(NOW + timedelta(hours=1), 101.0)
    assert late.over
    assert not late.is_safe(NOW + timedelta(seconds=2), 102.0)


def test_time_alone_never_makes_it_green() -> None:
    bad = State().after(Concluded(1, report(*GOOD, LEAK)), NOW, 0.0)
    assert not bad.aged(NOW + timedelta(hours=1), 3600.0).is_safe(NOW, 0.0)


def test_a_bad_finding_after_the_verdict_takes_the_green_away() -> None:
    assert not safe().after(Found(3, LEAK), NOW, 100.0).is_safe(NOW, 100.0)


@pytest.mark.parametrize("event", [Started(4, ""), Found(4, GOOD[0]), Progressed(4, "")])
def test_any_word_of_a_later_run_ends_the_green_of_this_one(event: Started | Found | Progressed) -> None:
    later = safe().after(event, NOW, 100.0)
    assert later.run == 4
    assert later.report is None
    assert LEAK.check not in later.findings


@pytest.mark.parametrize("event", [Started(2, ""), Found(2, BLIND), Concluded(2, report(*GOOD))])
def test_an_earlier_run_changes_nothing(event: Started | Found | Concluded) -> None:
    state = safe()
    assert state.after(event, NOW, 100.0) is state


def test_nothing_is_known_after_the_end() -> None:
    stopped = safe().stop("why")
    assert not stopped.is_safe(NOW, 100.0)
    assert stopped.findings == {}


def test_good_news_that_has_run_out_is_not_known() -> None:
    late = safe().aged(NOW + timedelta(hours=1), 3700.0)
    assert late.now(Status.PASS) is late.now(Status.WARN) is Status.UNKNOWN
    assert late.now(Status.FAIL) is Status.FAIL
