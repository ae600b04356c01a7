"""The verdict fails closed, whatever it is given."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safecomm.core.finding import Finding
from safecomm.core.verdict import conclude
from safecomm.core.words import GOOD, Status, VerdictWord

IDS = ("entry.a", "entry.b", "health.c", "leaks.d", "tampering.e")
SAFE, NOT_SAFE, CANNOT_CONFIRM = VerdictWord.SAFE, VerdictWord.NOT_SAFE, VerdictWord.CANNOT_CONFIRM


def finding(check: str, status: Status, required: bool = False, cause: str = "x") -> Finding:
    return Finding(check, status, required, cause, "")


# Mostly good, or SAFE would hardly ever come up and the properties would hold for want of cases.
STATUSES = st.sampled_from([Status.PASS] * 6 + [Status.WARN] * 2 + list(Status))
FINDINGS = st.lists(
    st.builds(finding, st.sampled_from(IDS), STATUSES, st.booleans(), st.sampled_from(["x", "depends_on"])),
    max_size=8,
)
REQUIRED = st.lists(st.sampled_from(IDS), max_size=5, unique=True)
MANY = settings(max_examples=2000, deadline=None)
BLINDNESS = st.sampled_from([Status.UNKNOWN, Status.SKIPPED])


@MANY
@given(FINDINGS, REQUIRED, BLINDNESS, st.data())
def test_blinding_a_finding_never_makes_it_safe(
    findings: list[Finding], required: list[str], blindness: Status, data: st.DataObject
) -> None:
    before = conclude(findings, required).word
    for _ in findings:
        place = data.draw(st.integers(0, len(findings) - 1))
        findings[place] = replace(findings[place], status=blindness, cause="timed_out")
        assert before is SAFE or conclude(findings, required).word is not SAFE


@given(FINDINGS, REQUIRED, st.data())
def test_leaving_out_a_required_finding_never_makes_it_safe(
    findings: list[Finding], required: list[str], data: st.DataObject
) -> None:
    if required:
        lost = data.draw(st.sampled_from(required))
        assert conclude([f for f in findings if f.check != lost], required).word is not SAFE


@MANY
@given(FINDINGS, REQUIRED, st.sampled_from(IDS), st.integers(0, 8), st.booleans())
def test_a_failing_finding_makes_it_not_safe(
    findings: list[Finding], required: list[str], check: str, place: int, is_required: bool
) -> None:
    findings.insert(place, finding(check, Status.FAIL, is_required))
    assert conclude(findings, required).word is NOT_SAFE


@given(FINDINGS, REQUIRED, st.sampled_from(IDS), BLINDNESS)
def test_a_required_doubt_more_never_makes_it_safe(
    findings: list[Finding], required: list[str], check: str, blindness: Status
) -> None:
    assert conclude([*findings, finding(check, blindness, required=True)], required).word is not SAFE


@given(FINDINGS, REQUIRED)
def test_safe_means_that_all_required_is_there_and_good(findings: list[Finding], required: list[str]) -> None:
    by_hand = (
        bool(required)
        and all(any(f.check == check for f in findings) for check in required)
        and all(f.status in GOOD for f in findings if f.required or f.check in required)
        and not any(f.status is Status.FAIL for f in findings)
    )
    assert (conclude(findings, required).word is SAFE) == by_hand


@given(FINDINGS, REQUIRED)
def test_a_warning_makes_a_verdict_neither_better_nor_worse(
    findings: list[Finding], required: list[str]
) -> None:
    calm = [replace(f, status=Status.PASS) if f.status is Status.WARN else f for f in findings]
    assert conclude(calm, required).word is conclude(findings, required).word


@given(FINDINGS, REQUIRED, st.randoms(use_true_random=False))
def test_the_order_of_the_findings_does_not_matter(
    findings: list[Finding], required: list[str], random: object
) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert conclude(shuffled, required).word is conclude(findings, required).word


@given(FINDINGS, REQUIRED.filter(bool))
def test_all_but_safe_names_its_reasons(findings: list[Finding], required: list[str]) -> None:
    verdict = conclude(findings, required)
    assert (verdict.word is SAFE) == (not verdict.reasons)


@pytest.mark.parametrize(
    ("findings", "required"),
    [
        ([], []),
        ([], ["entry.a"]),
        ([finding("entry.a", Status.PASS)], []),
        ([finding("entry.a", Status.PASS)], ["entry.a", "entry.b"]),
        ([finding("entry.a", Status.SKIPPED)], ["entry.a"]),
    ],
)
def test_an_empty_or_short_list_confirms_nothing(findings: Sequence[Finding], required: list[str]) -> None:
    assert conclude(findings, required).word is CANNOT_CONFIRM


def test_the_root_of_a_doubt_comes_before_what_depends_on_it() -> None:
    findings = [
        finding("entry.b", Status.UNKNOWN, required=True, cause="depends_on"),
        finding("entry.a", Status.UNKNOWN, required=True, cause="refused"),
    ]
    assert conclude(findings, ["entry.a", "entry.b", "leaks.d"]).reasons == ("entry.a", "entry.b", "leaks.d")


def test_a_failure_that_is_later_unseen_still_counts() -> None:
    failed = finding("leaks.d", Status.FAIL, required=False)
    assert failed.required
    unseen = replace(failed, status=Status.UNKNOWN, cause="timed_out")
    assert conclude([finding("entry.a", Status.PASS), unseen], ["entry.a"]).word is CANNOT_CONFIRM
