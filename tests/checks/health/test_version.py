"""How Tor's version stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.checks.health.version import CHECK, STANDING, Version
from safecomm.core.errors import NotTold
from safecomm.core.policy import Policy
from safecomm.core.words import Status
from safecomm.run import conclude_check
from tests.checks.world import FakeWorld, judged, look


@pytest.mark.parametrize(
    ("standing", "status", "cause"),
    [
        ("recommended", Status.PASS, "ok"),
        ("new", Status.WARN, "new"),
        ("new in series", Status.WARN, "new_in_series"),
        ("obsolete", Status.FAIL, "obsolete"),
        ("old", Status.FAIL, "obsolete"),
        ("unrecommended", Status.FAIL, "unrecommended"),
        ("none recommended", Status.UNKNOWN, "none_recommended"),
        ("unknown", Status.UNKNOWN, "unknown"),
        ("", Status.UNKNOWN, "unknown"),
        ("Recommended", Status.UNKNOWN, "unknown"),
    ],
)
def test_each_standing_has_its_cause(standing: str, status: Status, cause: str) -> None:
    world = FakeWorld(infos={"version": "0.4.9.11 (git-1234)", "status/version/current": standing})
    finding = judged(CHECK, world)
    assert (finding.status, finding.cause) == (status, cause)
    assert "git" not in finding.summary


@given(st.text().filter(lambda word: word not in STANDING), st.text())
def test_any_other_word_is_no_answer(standing: str, version: str) -> None:
    assert conclude_check(CHECK, Version(version, standing), Policy(), True).cause == "unknown"


def test_silence_is_not_a_version() -> None:
    with pytest.raises(NotTold):
        look(CHECK, FakeWorld(infos={"version": "0.4.9.11"}))
