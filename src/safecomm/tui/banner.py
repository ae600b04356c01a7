"""The answer: the verdict in plain words, until when it holds, and the next step."""

import time
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from safecomm.core.language import N_, tr
from safecomm.core.telling import VERDICT_STATUS, VERDICT_TEXT, symbol
from safecomm.core.words import Status, VerdictWord
from safecomm.tui.paint import STYLES, plain, remedy_line, unicode
from safecomm.tui.state import State

ALL_GOOD = N_("Everything that must be checked is good.")
RUN_OUT = (N_("NO LONGER KNOWN"), N_("Do not publish now."))
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
            return
        safe = state.is_safe(datetime.now(UTC), time.monotonic())
        word = state.report.verdict.word
        if word is VerdictWord.SAFE and not safe:
            self._no_longer(state)
            return
        status = VERDICT_STATUS[word]
        self._colour(status)
        heading, scope = map(tr, VERDICT_TEXT[word])
        self._put("verdict", _headline(status, heading, scope))
        first = state.report.first_reason
        self._put(
            "reason",
            plain(first.summary) if first else Content(tr(N_("Everything that was checked is good."))),
        )
        self._put("step", (remedy_line(first.remedy) if first else None) or Content(""))
        self.tick(state)

    def _looking(self, state: State) -> None:
        self.remove_class(*CLASSES.values())
        ellipsis = "…" if unicode() else "..."
        self._put("verdict", Content.styled(tr(N_("Looking")) + ellipsis, "bold"))
        self._put("reason", plain(state.why))
        self._put("step", plain(state.progress))
        self._put("time", Content(tr(N_("Do not publish before there is an answer."))))

    def _no_longer(self, state: State) -> None:
        self._colour(Status.UNKNOWN)
        self._put("verdict", _headline(Status.UNKNOWN, *map(tr, RUN_OUT)))
        self._put("reason", Content(tr(N_("The last answer has run out: it may not be true any more."))))
        self._put("step", Content(tr(N_("Press R to check again."))))
        self._put("time", Content(_checked(state)))

    def tick(self, state: State) -> None:
        """Count down; when the time has run out, the green goes."""
        if state.report is None:
            return
        left = state.seconds_left(datetime.now(UTC), time.monotonic())
        if state.report.verdict.word is not VerdictWord.SAFE:
            self._put("time", Content(_checked(state)))
        elif left <= 0 or state.report.simulated:
            self._no_longer(state)
        else:
            until = state.report.valid_until.astimezone().strftime("%H:%M")
            minutes, seconds = divmod(int(left), 60)
            holds = tr(N_("holds until {until} ({left})"), until=until, left=f"{minutes}:{seconds:02}")
            self._put("time", Content(f"{_checked(state)}, {holds}"))

    def _colour(self, status: Status) -> None:
        for each, name in CLASSES.items():
            self.set_class(each is status, name)

    def _put(self, part: str, content: Content) -> None:
        self.query_one(f"#{part}", Static).update(content)


def _headline(status: Status, heading: str, scope: str) -> Content:
    mark = symbol(status, unicode())
    return Content.assemble((f"{mark} {heading}", STYLES[status]), "   ", scope)


def _checked(state: State) -> str:
    if state.report is None:
        return ""
    return tr(N_("checked {time}"), time=state.report.checked_at.astimezone().strftime("%H:%M:%S"))
