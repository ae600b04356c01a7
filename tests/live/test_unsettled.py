"""What a run says that was disturbed every time."""

from safecomm.core.words import VerdictWord
from safecomm.live.once import unsettled
from tests.tui.play import BLIND, GOOD, LEAK, report


def test_nothing_good_holds_but_a_danger_does() -> None:
    assert report(*GOOD).verdict.word is VerdictWord.SAFE
    disturbed = unsettled(report(*GOOD))
    assert disturbed.verdict.word is VerdictWord.CANNOT_CONFIRM
    assert disturbed.findings[0].cause == "unsettled"
    assert unsettled(report(*GOOD, BLIND)).verdict.word is VerdictWord.CANNOT_CONFIRM
    assert unsettled(report(*GOOD, LEAK)).verdict.word is VerdictWord.NOT_SAFE
