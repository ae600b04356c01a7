"""The schema of the report holds what the documented example shows, and refuses what lacks a part of it."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from safecomm.schemas import schema

EXAMPLE: dict[str, Any] = {
    "schema": "safecomm.report/1",
    "verdict": "NOT_SAFE",
    "reasons": ["leaks.direct_connections"],
    "checked_at": "2026-11-23T18:00:00Z",
    "valid_until": "2026-11-23T18:05:00Z",
    "duration_s": 2.41,
    "profile": {"name": "lab", "sha256": "0" * 64},
    "program": {"name": "safecomm", "version": "0.1.0"},
    "simulated": False,
    "private_network": False,
    "findings": [
        {
            "check": "leaks.direct_connections",
            "question": "leaks",
            "status": "fail",
            "required": True,
            "cause": "direct_connection",
            "summary": "A program on this computer is talking to the internet outside Tor.",
            "evidence": {"connections": [{"pid": 3121, "program": "curl", "remote": "198.18.0.10:443"}]},
            "remedy": {"text": 'Close "curl".', "guide": "leaks#other-programs", "action": None},
            "duration_s": 0.03,
        }
    ],
}


def accepted(report: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(schema("report")).is_valid(report))


def test_the_documented_report_is_accepted_also_with_what_a_later_version_adds() -> None:
    assert accepted(EXAMPLE)
    assert accepted(EXAMPLE | {"of_a_later_version": 1})


@pytest.mark.parametrize("absent", list(EXAMPLE))
def test_no_part_of_a_report_may_be_absent(absent: str) -> None:
    assert not accepted({key: value for key, value in EXAMPLE.items() if key != absent})


@pytest.mark.parametrize("absent", list(EXAMPLE["findings"][0]))
def test_no_part_of_a_finding_may_be_absent(absent: str) -> None:
    finding = {key: value for key, value in EXAMPLE["findings"][0].items() if key != absent}
    assert not accepted(EXAMPLE | {"findings": [finding]})


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "safe"}, {"simulated": None}, {"findings": [{}]}, {"reasons": ["x"]}, {"checked_at": 0}],
)
def test_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    assert not accepted(EXAMPLE | wrong)
