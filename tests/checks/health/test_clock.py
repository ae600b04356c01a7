"""Whose word about the time counts, and how many it takes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.health.clock import CHECK, Clocks, Date
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.profile import Destination, Profile, Service
from safecomm.core.words import GOOD, Status
from safecomm.core.world import Answer, Step, StreamSeen
from safecomm.run import conclude_check
from tests.checks.world import GOOD_STREAM, NOW, FakeWorld, judged

HOSTS = ("check.example.org", "echo.example.net", "ip.example.com")
URLS = tuple(f"https://{host}/" for host in HOSTS)
HOUR = 3600.0
RIGHT = Answer("", status=200, date=NOW, received=NOW, stream=GOOD_STREAM)


def shows(offset_s: float) -> Answer:
    """A good answer whose Date is that much ahead of our clock."""
    return replace(RIGHT, date=NOW + timedelta(seconds=offset_s))


def world(*answers: Answer, begins: float = -HOUR, ends: float = 2 * HOUR) -> FakeWorld:
    def told(moment: float) -> str:
        return (NOW + timedelta(seconds=moment)).strftime("%Y-%m-%d %H:%M:%S")

    return FakeWorld(
        profile=Profile("test", tor_check=tuple(Service(url) for url in URLS[: len(answers)])),
        infos={"consensus/valid-after": told(begins), "consensus/valid-until": told(ends)},
        pages=dict(zip(URLS, answers, strict=False)),
    )


def found(seen: FakeWorld, policy: Policy | None = None) -> Finding:
    return judged(CHECK, seen, policy)


DOWN = Answer("", Step.CONNECT, "timed_out", stream=StreamSeen(True, True))
UNTRUSTED = replace(shows(3 * HOUR), broken=Step.TLS, reason="untrusted")
UNCARRIED = replace(RIGHT, stream=StreamSeen(succeeded=True))
TEAPOT = replace(RIGHT, broken=Step.STATUS, reason="418", status=418)
SILENT = replace(RIGHT, date=None)
BEHIND = {"begins": 2 * HOUR, "ends": 5 * HOUR}
AHEAD = {"begins": -5 * HOUR, "ends": -2 * HOUR}


@pytest.mark.parametrize(
    ("answers", "window", "status", "cause"),
    [
        ((shows(0), shows(1)), {}, Status.PASS, "ok"),
        ((shows(-100), shows(-90), shows(-110)), {}, Status.PASS, "ok"),
        ((TEAPOT, RIGHT), {}, Status.PASS, "ok"),
        ((DOWN, RIGHT, RIGHT), {}, Status.PASS, "ok"),
        ((shows(HOUR), shows(HOUR)), {}, Status.FAIL, "slow"),
        ((shows(-HOUR / 2), shows(-HOUR / 2)), {}, Status.FAIL, "fast"),
        ((shows(3 * HOUR), shows(3 * HOUR)), BEHIND, Status.FAIL, "slow"),
        ((shows(-3 * HOUR), shows(-3 * HOUR)), AHEAD, Status.FAIL, "fast"),
        ((shows(3 * HOUR), DOWN), BEHIND, Status.FAIL, "slow"),
        ((shows(-3 * HOUR), DOWN), AHEAD, Status.FAIL, "fast"),
        ((shows(3 * HOUR), DOWN), {}, Status.UNKNOWN, "disagree"),
        ((shows(HOUR), DOWN), {}, Status.UNKNOWN, "too_few"),
        ((shows(0), shows(3 * HOUR)), {}, Status.UNKNOWN, "disagree"),
        ((shows(0), shows(HOUR)), {}, Status.UNKNOWN, "disagree"),
        ((shows(HOUR), shows(HOUR), shows(0)), {}, Status.UNKNOWN, "disagree"),
        ((shows(HOUR), shows(1.9 * HOUR)), {}, Status.UNKNOWN, "disagree"),
        ((shows(0), shows(0)), BEHIND, Status.UNKNOWN, "disagree"),
        ((shows(0), shows(0)), AHEAD, Status.UNKNOWN, "disagree"),
        ((shows(118), shows(121)), {}, Status.UNKNOWN, "disagree"),
        ((shows(0), DOWN), {}, Status.UNKNOWN, "too_few"),
        ((shows(0), UNTRUSTED), {}, Status.UNKNOWN, "too_few"),
        ((shows(0), UNCARRIED), {}, Status.UNKNOWN, "too_few"),
        ((shows(0), SILENT), {}, Status.UNKNOWN, "too_few"),
        ((DOWN, DOWN), BEHIND, Status.UNKNOWN, "too_few"),
        ((), {}, Status.UNKNOWN, "too_few"),
    ],
)
def test_two_sources_that_agree_decide(
    answers: tuple[Answer, ...], window: dict[str, float], status: Status, cause: str
) -> None:
    finding = found(world(*answers, **window))
    assert (finding.status, finding.cause) == (status, cause)


@pytest.mark.parametrize(
    ("offset", "window", "words"),
    [
        (150, {}, "2 minutes behind"),
        (-40 * 60, {}, "40 minutes ahead"),
        (3 * HOUR, BEHIND, "3 hours behind"),
        (-26 * HOUR, {"begins": -27 * HOUR, "ends": -24 * HOUR}, "26 hours ahead"),
        (72 * HOUR, {"begins": 71 * HOUR, "ends": 74 * HOUR}, "3 days behind"),
    ],
)
def test_by_how_much_and_in_which_direction_is_said(
    offset: float, window: dict[str, float], words: str
) -> None:
    assert words in found(world(shows(offset), shows(offset), **window)).summary


def test_a_profile_may_be_stricter() -> None:
    answers = (shows(20), shows(20))
    assert found(world(*answers)).status is Status.PASS
    assert found(world(*answers), Policy(clock_tolerance_s=10)).cause == "slow"


def test_a_slow_answer_proves_less() -> None:
    late = replace(shows(10), received=NOW + timedelta(seconds=16))
    assert found(world(late, late)).status is Status.PASS
    assert found(world(late, late), Policy(clock_tolerance_s=5)).status is Status.UNKNOWN


@pytest.mark.parametrize("empty", ["consensus/valid-after", "consensus/valid-until"])
def test_without_a_consensus_servers_alone_can_say_no_but_not_yes(empty: str) -> None:
    good, bad = world(shows(0), shows(0)), world(shows(HOUR), shows(HOUR))
    good.infos = {**good.infos, empty: ""}
    bad.infos = {**bad.infos, empty: ""}
    assert found(good).cause == "too_few"
    assert found(bad).cause == "slow"


def test_servers_must_prove_their_name_and_each_host_counts_once() -> None:
    profile = Profile(
        "test",
        tor_check=(Service("https://check.example.org/a"), Service("http://plain.example.org/")),
        ip_echo=(Service("https://check.example.org/b"),),
        destinations=(Destination("https://drop.example.com/", spki_sha256=("pin",)),),
    )
    urls = ["https://check.example.org/a", "https://drop.example.com/"]
    seen = world()
    seen.profile, seen.pages = profile, dict.fromkeys(urls, RIGHT)
    assert found(seen).status is Status.PASS
    assert [ask.url for ask in seen.asked] == urls
    assert [ask.spki_sha256 for ask in seen.asked] == [(), ("pin",)]
    assert len({ask.identity for ask in seen.asked}) == len(seen.asked)


OFFSETS = st.one_of(st.floats(-300, 300), st.floats(-(10.0**9), 10.0**9))
DATES = st.builds(Date, st.sampled_from(HOSTS), st.none() | OFFSETS, st.floats(0, 8))


@given(
    st.lists(DATES, max_size=4),
    st.none() | st.floats(-(10.0**6), 10.0**6),
    st.floats(0, 10.0**5),
    st.integers(0, 1000),
)
def test_good_means_two_dates_within_the_tolerance_and_a_consensus_of_now(
    dates: list[Date], begins: float | None, lasts: float, tolerance: int
) -> None:
    after: datetime | None = None if begins is None else NOW + timedelta(seconds=begins)
    until = after and after + timedelta(seconds=lasts)
    seen = Clocks(NOW, after, until, tuple(dates))
    finding = conclude_check(CHECK, seen, Policy(clock_tolerance_s=tolerance), True)
    offsets = [date.offset_s for date in dates if date.offset_s is not None]
    off = [offset for offset in offsets if abs(offset) > tolerance]
    if finding.status in GOOD:
        assert len({date.host for date in dates if date.offset_s is not None}) > 1
        assert not off
        assert after is not None
    if finding.status is Status.FAIL:
        assert off == offsets
        assert off
        assert len({offset > 0 for offset in off}) == 1
