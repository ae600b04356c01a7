"""What a watch tells: small values that a screen or a command line shows."""

from dataclasses import dataclass

from safecomm.core.finding import Finding
from safecomm.report import Report


@dataclass(frozen=True, slots=True)
class Started:
    """A new run has begun: whatever was shown before no longer holds. why is a sentence."""

    run: int
    why: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """Something slow goes on (Tor starts: "45 %"); text is a sentence in the reader's language."""

    run: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """One check is settled."""

    run: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Concluded:
    """A run has ended with this report."""

    run: int
    report: Report


Event = Started | Progressed | Found | Concluded
