"""What the screen knows: one value, changed only by events and by time."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from safecomm.core.finding import Finding
from safecomm.core.words import GOOD, Status, VerdictWord
from safecomm.live.events import Concluded, Event, Found, Progressed, Started
from safecomm.report import Report

BACKWARDS = timedelta(seconds=5)
DRIFT_S = 5.0


@dataclass(frozen=True, slots=True)
class State:
    """The run shown; report is None while it goes on, stopped is a sentence once nobody looks any more.

    wall (UTC) and monotonic (seconds) are the two clocks when the report came, ends is when it runs
    out on the monotonic one. over: it no longer holds, and will not again however the clocks move.
    """

    run: int = 0
    why: str = ""
    progress: str = ""
    findings: dict[str, Finding] = field(default_factory=dict)
    report: Report | None = None
    wall: datetime | None = None
    monotonic: float = 0.0
    ends: float = 0.0
    over: bool = False
    stopped: str = ""

    def after(self, event: Event, wall: datetime, monotonic: float) -> "State":
        """The state after an event; one of an earlier run changes nothing, one of a later run begins that."""
        if event.run < self.run:
            return self
        if isinstance(event, Started):
            return State(run=event.run, why=event.why)
        state = self if event.run == self.run else State(run=event.run)
        if isinstance(event, Progressed):
            return replace(state, progress=event.text)
        if isinstance(event, Found):
            return state._with(event.finding)
        if isinstance(event, Concluded):
            return state._concluded(event.report, wall, monotonic)
        return state

    def _with(self, finding: Finding) -> "State":
        """A finding that the verdict did not know takes the verdict away."""
        late = self.report is not None and finding not in self.report.findings
        return replace(self, findings={**self.findings, finding.check: finding}, over=self.over or late)

    def _concluded(self, report: Report, wall: datetime, monotonic: float) -> "State":
        left = (report.valid_until - wall).total_seconds()
        return replace(
            self,
            findings={finding.check: finding for finding in report.findings},
            report=report,
            wall=wall,
            monotonic=monotonic,
            ends=monotonic + min(left, report.profile.policy.max_age_s),
            over=False,
            stopped="",
        )

    def stop(self, why: str) -> "State":
        """Nobody looks any more: what was known is not known now."""
        return State(run=self.run, stopped=why)

    def aged(self, wall: datetime, monotonic: float) -> "State":
        """The state at this moment; itself if time has changed nothing. A replay does not age."""
        report = self.report
        if report is None or report.simulated or self.over or self.seconds_left(wall, monotonic) > 0:
            return self
        return replace(self, over=True)

    def seconds_left(self, wall: datetime, monotonic: float) -> float:
        """How long the verdict still holds, by whichever clock says less; 0 once it has run out.

        Also 0 when the clocks have parted: the computer slept, or its clock was set.
        """
        report = self.report
        if report is None or self.wall is None or self.over or wall < report.checked_at - BACKWARDS:
            return 0.0
        drift = (wall - self.wall).total_seconds() - (monotonic - self.monotonic)
        if abs(drift) > DRIFT_S:
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

    def now(self, status: Status) -> Status:
        """What a status is worth by now: good news that has run out is not known."""
        return Status.UNKNOWN if self.over and status in GOOD else status
