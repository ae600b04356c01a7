"""When an onion page counts as reached."""

from dataclasses import replace

import pytest

from safecomm.checks.entry.onion import CHECK
from safecomm.core.finding import Finding
from safecomm.core.profile import Profile, Service
from safecomm.core.words import Status
from safecomm.core.world import Answer, Step, StreamSeen
from tests.checks.world import GOOD_STREAM, FakeWorld, judged

ONE = f"http://{'a' * 56}.onion/"
TWO = f"http://{'b' * 56}.onion/"
HERE = Answer(ONE, status=200, stream=GOOD_STREAM)
MISSING = replace(HERE, broken=Step.STATUS, reason="404", status=404)
ELSEWHERE = replace(HERE, broken=Step.REDIRECT, reason="elsewhere", status=301)
BROKEN = replace(HERE, broken=Step.STATUS, reason="503", status=503)
DOWN = Answer(ONE, Step.CONNECT, "onion_down", stream=StreamSeen(True, True))
FORGED = Answer(ONE, status=200, stream=StreamSeen(succeeded=True))
SHORT = Answer(ONE, status=200, stream=StreamSeen(True, True, True, path=("A" * 40,)))


def found(*answers: Answer) -> tuple[Finding, FakeWorld]:
    urls = (ONE, TWO)[: len(answers)]
    world = FakeWorld(
        profile=Profile("test", onion=tuple(Service(url) for url in urls)),
        pages=dict(zip(urls, answers, strict=True)),
    )
    return judged(CHECK, world), world


@pytest.mark.parametrize(
    ("answers", "status", "cause"),
    [
        ((HERE,), Status.PASS, "ok"),
        ((HERE, HERE), Status.PASS, "ok"),
        ((MISSING, ELSEWHERE), Status.PASS, "ok"),
        ((HERE, DOWN), Status.WARN, "some_silent"),
        ((BROKEN, HERE), Status.WARN, "some_silent"),
        ((DOWN,), Status.UNKNOWN, "none_answers"),
        ((DOWN, BROKEN), Status.UNKNOWN, "none_answers"),
        ((FORGED,), Status.UNKNOWN, "not_carried"),
        ((HERE, FORGED), Status.UNKNOWN, "not_carried"),
        ((SHORT, HERE), Status.UNKNOWN, "not_carried"),
        ((), Status.UNKNOWN, "no_service"),
    ],
)
def test_an_answer_counts_if_this_tor_carried_it(
    answers: tuple[Answer, ...], status: Status, cause: str
) -> None:
    finding, _ = found(*answers)
    assert (finding.status, finding.cause) == (status, cause)


def test_the_broken_step_is_named() -> None:
    finding, _ = found(DOWN)
    assert "connect: onion_down" in finding.summary


def test_every_page_has_a_circuit_of_its_own() -> None:
    _, world = found(HERE, HERE)
    assert len({ask.identity for ask in world.asked}) == len(world.asked)


@pytest.mark.parametrize(
    "host",
    ["www.example.org", f"{'a' * 56}.onion.example.org", "abcdefghij234567.onion", f"{'a' * 55}1.onion"],
)
def test_a_page_that_is_no_onion_page_is_not_even_asked(host: str) -> None:
    url = f"http://{host}/"
    world = FakeWorld(
        profile=Profile("test", onion=(Service(url), Service(ONE))), pages={url: HERE, ONE: HERE}
    )
    finding = judged(CHECK, world)
    assert finding.cause == "not_onion"
    assert [ask.url for ask in world.asked] == [ONE]
