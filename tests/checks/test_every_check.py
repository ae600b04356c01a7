"""What holds for every check, whichever there are."""

import json
import pkgutil
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from safecomm import checks
from safecomm.checks import all_checks
from safecomm.core.blind import BLIND
from safecomm.core.check import Cause, Check
from safecomm.core.evidence import as_json
from safecomm.core.finding import Problem
from safecomm.core.policy import Policy
from safecomm.core.words import GOOD, Status
from safecomm.run import blind, conclude_check

GUIDES = Path(__file__).parents[2] / "guides" / "en"
POLICIES = (
    Policy(),
    Policy(hidden=True),
    Policy(private_network=True),
    Policy(hidden=True, private_network=True),
    Policy(clock_tolerance_s=0, max_age_s=1),
    Policy(clock_tolerance_s=10**9),
)
SENTENCE_END = re.compile(r"[.!?](?:\s|$)")

each_check = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
each_cause = pytest.mark.parametrize(
    ("check", "code"),
    [pytest.param(check, code, id=f"{check.id}-{code}") for check in all_checks() for code in check.causes],
)


def slug(heading: str) -> str:
    """The anchor of a heading, as Markdown viewers make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(topic: str) -> set[str]:
    lines = (GUIDES / f"{topic}.md").read_text(encoding="utf-8").splitlines()
    return {slug(line.lstrip("#")) for line in lines if line.startswith("#")}


def sentences(text: str) -> int:
    return len(SENTENCE_END.findall(text))


def files() -> list[str]:
    return [
        f"{folder.name}.{file.name}"
        for folder in pkgutil.iter_modules(checks.__path__)
        if folder.ispkg
        for file in pkgutil.iter_modules(import_module(f"safecomm.checks.{folder.name}").__path__)
    ]


def test_each_file_is_one_check_and_its_path_is_the_id() -> None:
    assert sorted(check.id for check in all_checks()) == sorted(files())
    for file in files():
        assert import_module(f"safecomm.checks.{file}").CHECK.id == file


@each_check
def test_the_sentence_that_people_read_is_the_files_own(check: Check) -> None:
    assert check.sentence == import_module(f"safecomm.checks.{check.id}").__doc__
    assert sentences(check.sentence) == 1


@each_check
def test_ok_is_a_pass(check: Check) -> None:
    assert check.causes["ok"].status is Status.PASS


@each_check
def test_a_check_can_turn(check: Check) -> None:
    assert any(cause.status in (Status.FAIL, Status.UNKNOWN) for cause in check.causes.values())


@each_check
def test_its_own_causes_are_not_those_of_blindness(check: Check) -> None:
    assert not set(check.causes) & set(BLIND)


@each_check
def test_every_cause_has_an_example_and_no_example_lacks_a_cause(check: Check) -> None:
    assert set(check.examples) == set(check.causes)


@each_cause
def test_an_example_is_judged_as_its_cause(check: Check, code: str) -> None:
    found = [conclude_check(check, check.examples[code], policy, True) for policy in POLICIES]
    fitting = [finding for finding in found if finding.cause == code]
    assert fitting, [finding.cause for finding in found]
    assert {finding.status for finding in fitting} == {check.causes[code].status}


@each_cause
def test_an_example_can_be_read_and_stored(check: Check, code: str) -> None:
    for policy in POLICIES:
        finding = conclude_check(check, check.examples[code], policy, True)
        assert finding.summary
        leading = Problem(finding.status, finding.cause, finding.summary, finding.remedy)
        for problem in (leading, *finding.also):
            assert "{" not in problem.summary
            assert problem.remedy is None or "{" not in problem.remedy.text
        assert json.loads(json.dumps(as_json(finding)))


@each_cause
def test_the_words_are_few(check: Check, code: str) -> None:
    cause = check.causes[code]
    assert 1 <= sentences(cause.summary) <= 2, cause.summary
    assert sentences(cause.remedy) <= 2, cause.remedy


def leads_on(cause: Cause) -> bool:
    topic, _, anchor = cause.guide.partition("#")
    return bool(cause.remedy) and anchor in anchors(topic)


@each_cause
def test_all_but_a_pass_says_what_to_do_and_where_it_is_explained(check: Check, code: str) -> None:
    cause = check.causes[code]
    assert cause.status is Status.PASS or leads_on(cause), cause


@pytest.mark.parametrize("code", [code for code in BLIND if BLIND[code].status is Status.UNKNOWN])
def test_blindness_says_what_to_do_and_where_it_is_explained(code: str) -> None:
    assert leads_on(BLIND[code])


@pytest.mark.parametrize("code", BLIND)
def test_blindness_is_never_good(code: str) -> None:
    values: Mapping[str, Any] = {"needs": "x.y", "seconds": 1, "kind": "KeyError", "key": "version"}
    finding = blind("x.y", True, code, **values)
    assert finding.status not in GOOD
    assert "{" not in finding.summary


@each_check
def test_a_look_that_saw_nothing_is_never_good(check: Check) -> None:
    for policy in POLICIES:
        finding = conclude_check(check, check.blind, policy, True)
        assert finding.status not in GOOD, finding


def test_needs_are_checks_and_run_in_no_circle() -> None:
    needs = {check.id: check.needs for check in all_checks()}

    def settle(check: str, above: tuple[str, ...]) -> None:
        assert check in needs, f"{above[-1]} needs {check}, which does not exist"
        assert check not in above, (*above, check)
        for needed in needs[check]:
            settle(needed, (*above, check))

    for check in needs:
        settle(check, ())


@each_check
def test_a_deadline_is_one_a_person_waits_for(check: Check) -> None:
    assert 0 < check.deadline_s <= 60
