"""The answer in words, the same on every screen."""

from dataclasses import dataclass
from datetime import datetime

from safecomm.core.language import N_, tr, translated
from safecomm.core.telling import PRACTICE, VERDICT_STATUS, VERDICT_TEXT
from safecomm.core.words import Status, VerdictWord
from safecomm.report import Report
from safecomm.tui.state import State

LOOKING = N_("Looking")
WAIT = N_("Do not publish before there is an answer.")
ALL_GOOD = N_("Everything that must be checked is good.")
PRACTICE_SCOPE = N_("in this practice network only")
RUN_OUT = N_("NO LONGER KNOWN")
RUN_OUT_SCOPE = N_("Do not publish now.")
RUN_OUT_REASON = N_("The last answer has run out: it may not be true any more.")
AGAIN = N_("Press R to check again.")
SIMULATED_HEADING = N_("SIMULATED")
SIMULATED_SCOPE = N_("This says nothing about this computer.")
SIMULATED_REASON = N_("In this replay the answer was: safe to publish.")


@dataclass(frozen=True, slots=True)
class Answer:
    """status is None while checks run; reason and step may hold outside text."""

    status: Status | None
    heading: str
    scope: str
    reason: str = ""
    step: str = ""
    time: str = ""
    until: str = ""


def answer(state: State, wall: datetime, monotonic: float) -> Answer:
    """What may be said at this moment; green only for SAFE that holds."""
    report = state.report
    if state.stopped:
        heading, scope = VERDICT_TEXT[VerdictWord.CANNOT_CONFIRM]
        return Answer(Status.UNKNOWN, tr(heading), tr(scope), state.stopped, tr(AGAIN))
    if report is None:
        return Answer(None, tr(LOOKING), tr(WAIT), state.why, state.progress)
    if report.verdict.word is not VerdictWord.SAFE:
        return _unsafe(report)
    if report.simulated:
        texts = (tr(SIMULATED_HEADING), tr(SIMULATED_SCOPE), tr(SIMULATED_REASON))
        return Answer(Status.UNKNOWN, *texts, time=_checked(report))
    if not state.is_safe(wall, monotonic):
        texts = (tr(RUN_OUT), tr(RUN_OUT_SCOPE), tr(RUN_OUT_REASON))
        return Answer(Status.UNKNOWN, *texts, step=tr(AGAIN), time=_checked(report))
    heading, scope = VERDICT_TEXT[VerdictWord.SAFE]
    practice = report.profile.tor.private_network
    left = state.seconds_left(wall, monotonic)
    return Answer(
        Status.PASS,
        tr(heading),
        tr(PRACTICE_SCOPE if practice else scope),
        tr(PRACTICE if practice else ALL_GOOD),
        time=f"{_checked(report)}, {_holds(report, left)}",
        until=tr(N_("until {until}"), until=_until(report)),
    )


def _unsafe(report: Report) -> Answer:
    heading, scope = VERDICT_TEXT[report.verdict.word]
    first = report.first_reason
    return Answer(
        VERDICT_STATUS[report.verdict.word],
        tr(heading),
        tr(scope),
        translated(first.summary) if first else "",
        first.remedy.text if first and first.remedy else "",
        _checked(report),
    )


def _holds(report: Report, left: float) -> str:
    minutes, seconds = divmod(int(left), 60)
    left_now = f"{minutes}:{seconds:02}"
    return tr(N_("holds until {until} ({left})"), until=_until(report), left=left_now)


def _until(report: Report) -> str:
    return report.valid_until.astimezone().strftime("%H:%M")


def _checked(report: Report) -> str:
    return tr(N_("checked {time}"), time=report.checked_at.astimezone().strftime("%H:%M:%S"))
