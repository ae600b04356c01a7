"""The answer, large: the verdict in plain words, until when it holds, and the next step."""

import time
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from safecomm.core.words import Status
from safecomm.tui.answer import answer
from safecomm.tui.paint import CLASSES, arrow, plain, verdict_line
from safecomm.tui.state import State

SLOW_ABOVE_S, SLOW_S = 60, 5


class Banner(Vertical):
    """Shows a state; nothing but tell() and tick() changes it."""

    def compose(self) -> ComposeResult:
        """Verdict, reason, next step, time."""
        for part in ("verdict", "reason", "step", "time"):
            yield Static("", id=part, markup=False)

    def tell(self, state: State) -> None:
        """Show this state now."""
        said = answer(state, datetime.now(UTC), time.monotonic())
        for status, name in CLASSES.items():
            self.set_class(said.status is status, name)
        self._put("verdict", verdict_line(said))
        self._put("reason", plain(said.reason))
        lead = (f"{arrow()} ", "bold") if said.status and said.step else ""
        self._put("step", Content.assemble(lead, plain(said.step)))
        self._put("time", plain(said.time))

    def tick(self, state: State) -> None:
        """Count down, by the second in the last minute; only the time is painted, nothing laid out anew."""
        wall, monotonic = datetime.now(UTC), time.monotonic()
        left = state.seconds_left(wall, monotonic)
        if left > SLOW_ABOVE_S and int(left) % SLOW_S:
            return
        said = answer(state, wall, monotonic)
        if said.status is Status.PASS:
            self.query_one("#time", Static).update(plain(said.time), layout=False)

    def _put(self, part: str, content: Content) -> None:
        self.query_one(f"#{part}", Static).update(content)
