"""The verdict: one pure function that fails closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from safecomm.core.finding import Finding
from safecomm.core.words import GOOD, Status, VerdictWord


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer and the ids of the checks that decide it."""

    word: VerdictWord
    reasons: tuple[str, ...] = ()


def conclude(findings: Sequence[Finding], required: Collection[str]) -> Verdict:
    """NOT_SAFE if anything failed, SAFE if all that is required is good, else CANNOT_CONFIRM."""
    failed = [f.check for f in findings if f.status is Status.FAIL]
    if failed:
        return Verdict(VerdictWord.NOT_SAFE, tuple(failed))
    doubted = [f for f in findings if (f.required or f.check in required) and f.status not in GOOD]
    doubtful = [f.check for f in sorted(doubted, key=lambda f: f.cause == "depends_on")]
    missing = [check for check in required if check not in {f.check for f in findings}]
    if doubtful or missing or not required:
        return Verdict(VerdictWord.CANNOT_CONFIRM, (*doubtful, *missing))
    return Verdict(VerdictWord.SAFE)
