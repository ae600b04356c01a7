"""A verdict with all its findings, as one value and as the JSON that other programs read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safecomm import __version__
from safecomm.core.evidence import as_json, as_time
from safecomm.core.finding import Finding, Json, Problem
from safecomm.core.profile import Profile
from safecomm.core.verdict import Verdict, conclude
from safecomm.core.words import VerdictWord

EXIT_CODES = {VerdictWord.SAFE: 0, VerdictWord.NOT_SAFE: 3, VerdictWord.CANNOT_CONFIRM: 4}


@dataclass(frozen=True, slots=True)
class Report:
    """One run's answer. checked_at is when the run began: a verdict is as old as its oldest fact."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    checked_at: datetime
    valid_until: datetime
    duration_s: float
    profile: Profile
    simulated: bool = False

    @property
    def exit_code(self) -> int:
        """The command line's exit code; a simulated report never exits 0."""
        code = EXIT_CODES[self.verdict.word]
        return EXIT_CODES[VerdictWord.CANNOT_CONFIRM] if self.simulated and code == 0 else code

    @property
    def first_reason(self) -> Finding | None:
        """The finding that decides the verdict, if it is not SAFE."""
        by_id = {finding.check: finding for finding in self.findings}
        return next((by_id[check] for check in self.verdict.reasons if check in by_id), None)

    def as_json(self) -> dict[str, Json]:
        """The document of schema safecomm.report/1."""
        return {
            "schema": "safecomm.report/1",
            "verdict": self.verdict.word.value,
            "reasons": list(self.verdict.reasons),
            "checked_at": as_time(self.checked_at),
            "valid_until": as_time(self.valid_until),
            "duration_s": round(self.duration_s, 3),
            "profile": {"name": self.profile.name, "sha256": self.profile.sha256},
            "program": {"name": "safecomm", "version": __version__},
            "simulated": self.simulated,
            "private_network": self.profile.tor.private_network,
            "findings": [_finding(finding) for finding in self.findings],
        }


def make_report(
    profile: Profile,
    findings: Sequence[Finding],
    required: Sequence[str],
    began: datetime,
    duration_s: float,
    simulated: bool = False,
) -> Report:
    """Conclude the findings and date the answer from the moment the run began."""
    return Report(
        verdict=conclude(findings, required),
        findings=tuple(findings),
        checked_at=began,
        valid_until=began + timedelta(seconds=profile.policy.max_age_s),
        duration_s=duration_s,
        profile=profile,
        simulated=simulated,
    )


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "check": finding.check,
        "question": finding.question.value,
        "status": finding.status.value,
        "required": finding.required,
        "cause": finding.cause,
        "summary": finding.summary,
        "evidence": as_json(finding.evidence),
        "remedy": as_json(finding.remedy),
        "also": [_problem(problem) for problem in finding.also],
        "duration_s": finding.duration_s,
    }


def _problem(problem: Problem) -> dict[str, Json]:
    return {
        "status": problem.status.value,
        "cause": problem.cause,
        "summary": problem.summary,
        "remedy": as_json(problem.remedy),
    }
