"""The answer: the verdict in plain words, until when it holds, and the next step."""

import time
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from safecomm.core.language import N_, tr, translated
from safecomm.core.telling import VERDICT_STATUS, VERDICT_TEXT, symbol
from safecomm.core.words import Status, VerdictWord
from safecomm.report import Report
from safecomm.tui.paint import STYLES, plain, remedy_line, unicode
from safecomm.tui.state import State

ALL_GOOD = N_("Everything that must be checked is good.")
RUN_OUT = (
    N_("NO LONGER KNOWN"),
    N_("Do not publish now."),
    N_("The last answer has run out: it may not be true any more."),
)
SIMULATED_SAFE = (
    N_("SIMULATED"),
    N_("This says nothing about this computer."),
    N_("In this replay the answer was: safe to publish."),
)
CLASSES = {Status.PASS: "good", Status.FAIL: "bad", Status.UNKNOWN: "doubt"}


class Banner(Vertical):
    """Shows a state; nothing but tell() and tick() changes it."""

    def compose(self) -> ComposeResult:
        """Verdict, reason, next step, time."""
        for part in ("verdict", "reason", "step", "time"):
            yield Static("", id=part, markup=False)

    def tell(self, state: State) -> None:
        """Show this state now."""
        if state.report is None:
            self._looking(state)
        elif state.report.verdict.word is not VerdictWord.SAFE:
            self._unsafe(state.report)
            self._put("time", plain(_checked(state.report)))
        elif state.report.simulated:
            self._say(Status.UNKNOWN, SIMULATED_SAFE, "", _checked(state.report))
        else:
            self.tick(state)

    def tick(self, state: State) -> None:
        """Count down while SAFE is shown; when the time has run out, the green goes."""
        report = state.report
        if report is None or report.verdict.word is not VerdictWord.SAFE or report.simulated:
            return
        if not state.is_safe(datetime.now(UTC), time.monotonic()):
            self._say(Status.UNKNOWN, RUN_OUT, tr(N_("Press R to check again.")), _checked(report))
            return
        left = state.seconds_left(datetime.now(UTC), time.monotonic())
        minutes, seconds = divmod(int(left), 60)
        until = report.valid_until.astimezone().strftime("%H:%M")
        holds = tr(N_("holds until {until} ({left})"), until=until, left=f"{minutes}:{seconds:02}")
        self._say(
            Status.PASS, (*VERDICT_TEXT[VerdictWord.SAFE], ALL_GOOD), "", f"{_checked(report)}, {holds}"
        )

    def _unsafe(self, report: Report) -> None:
        status = VERDICT_STATUS[report.verdict.word]
        first = report.first_reason
        self._say(status, (*VERDICT_TEXT[report.verdict.word], first.summary if first else ""), "", "")
        self._put("step", (remedy_line(first.remedy) if first else None) or Content(""))

    def _say(self, status: Status, texts: tuple[str, str, str], step: str, when: str) -> None:
        """Heading, scope and reason; the step; the time."""
        heading, scope, reason = texts
        for each, name in CLASSES.items():
            self.set_class(each is status, name)
        mark = symbol(status, unicode())
        self._put("verdict", Content.assemble((f"{mark} {tr(heading)}", STYLES[status]), "   ", tr(scope)))
        self._put("reason", plain(translated(reason)))
        self._put("step", plain(step))
        self._put("time", plain(when))

    def _looking(self, state: State) -> None:
        self.remove_class(*CLASSES.values())
        ellipsis = "…" if unicode() else "..."
        self._put("verdict", Content.styled(tr(N_("Looking")) + ellipsis, "bold"))
        self._put("reason", plain(state.why))
        self._put("step", plain(state.progress))
        self._put("time", Content(tr(N_("Do not publish before there is an answer."))))

    def _put(self, part: str, content: Content) -> None:
        self.query_one(f"#{part}", Static).update(content)


def _checked(report: Report) -> str:
    return tr(N_("checked {time}"), time=report.checked_at.astimezone().strftime("%H:%M:%S"))
