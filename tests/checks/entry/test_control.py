"""Every way in which a control port can answer has its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.entry.control import CHECK
from safecomm.core.errors import UseUnanswered
from safecomm.core.policy import Policy
from safecomm.core.words import Status
from safecomm.core.world import ControlSeen
from safecomm.run import conclude_check
from safecomm.tor.failure import CAUSES
from tests.checks.world import FakeWorld, judged, look


def test_every_failure_of_the_control_port_has_its_words() -> None:
    assert set(CHECK.causes) == CAUSES | {"ok", "unsettled"}


def test_only_no_tor_at_all_is_bad_news_the_rest_is_no_news() -> None:
    failing = {code for code, cause in CHECK.causes.items() if cause.status is Status.FAIL}
    assert failing == {"not_running", "lost"}
    assert {cause.status for code, cause in CHECK.causes.items() if code not in {*failing, "ok"}} == {
        Status.UNKNOWN
    }


@pytest.mark.parametrize("cause", sorted(CHECK.causes))
def test_it_says_what_the_control_port_said(cause: str) -> None:
    world = FakeWorld(control_seen=ControlSeen(cause, "127.0.0.1:9051", tried=("127.0.0.1:9051",)))
    finding = judged(CHECK, world)
    assert finding.cause == cause
    assert finding.evidence["tried"] == ["127.0.0.1:9051"]


@given(st.text().filter(lambda name: name not in CHECK.causes))
def test_a_cause_nobody_knows_is_no_news(cause: str) -> None:
    assert conclude_check(CHECK, ControlSeen(cause), Policy(), True).status is Status.UNKNOWN


def test_nothing_is_looked_at_before_the_one_question_is_answered() -> None:
    with pytest.raises(UseUnanswered):
        look(CHECK, FakeWorld(control_seen=UseUnanswered()))
