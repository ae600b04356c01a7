"""What the screen knows: one value, changed only by events and by time."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from safecomm.core.finding import Finding
from safecomm.core.words import VerdictWord
from safecomm.live.events import Concluded, Event, Found, Progressed, Started
from safecomm.report import Report

BACKWARDS = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class State:
    """The run shown; report is None while it goes on. ends is on the monotonic clock, in seconds."""

    run: int = 0
    why: str = ""
    progress: str = ""
    findings: dict[str, Finding] = field(default_factory=dict)
    report: Report | None = None
    ends: float = 0.0

    def after(self, event: Event, wall: datetime, monotonic: float) -> "State":
        """The state after an event; an event of an earlier run changes nothing."""
        if event.run < self.run:
            return self
        if isinstance(event, Started):
            return State(run=event.run, why=event.why)
        if isinstance(event, Progressed):
            return replace(self, progress=event.text)
        if isinstance(event, Found):
            return replace(self, findings={**self.findings, event.finding.check: event.finding})
        if isinstance(event, Concluded):
            found = {finding.check: finding for finding in event.report.findings}
            left = (event.report.valid_until - wall).total_seconds()
            return replace(self, findings=found, report=event.report, ends=monotonic + left)
        return self

    def seconds_left(self, wall: datetime, monotonic: float) -> float:
        """How long the verdict still holds, by whichever clock says less; 0 once it has run out."""
        report = self.report
        if report is None or wall < report.checked_at - BACKWARDS:
            return 0.0
        return max(0.0, min(self.ends - monotonic, (report.valid_until - wall).total_seconds()))

    def is_safe(self, wall: datetime, monotonic: float) -> bool:
        """Whether green may be shown: SAFE, not simulated, and not run out."""
        report = self.report
        return (
            report is not None
            and report.verdict.word is VerdictWord.SAFE
            and not report.simulated
            and self.seconds_left(wall, monotonic) > 0
        )
