"""The line above every screen: whose copy this is, how Tor is reached, and whether it is practice."""

import time
from datetime import UTC, datetime

from textual.content import Content
from textual.widgets import Static

from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Profile
from safecomm.core.telling import PRACTICE, SIMULATED
from safecomm.core.words import Use
from safecomm.tui.answer import answer
from safecomm.tui.paint import verdict_line
from safecomm.tui.state import State

USE = {
    Use.VISIBLE: N_("Tor may be seen"),
    Use.HIDDEN: N_("Tor must stay hidden"),
    None: N_("not asked yet"),
}


class Top(Static):
    """One line; one more in a practice network or a replay, and one with the answer where it is not large."""

    def __init__(self, *, with_answer: bool = False) -> None:
        super().__init__("", markup=False)
        self._with_answer = with_answer

    def tell(self, profile: Profile, state: State, watching: bool) -> None:
        """Show where we are."""
        asked = profile.tor.use is not None
        watch = tr(N_("watching")) if watching else tr(N_("NOT watching"))
        name = printable(profile.name, 24)
        parts = [f"SafeComm - {name}", _door(state), tr(USE[profile.tor.use]), watch if asked else ""]
        lines = [Content.styled(" | ".join(part for part in parts if part), "bold")]
        report = state.report
        if profile.tor.private_network or (report is not None and report.profile.tor.private_network):
            lines.append(Content.styled(tr(PRACTICE), "reverse"))
        if report is not None and report.simulated:
            lines.append(Content.styled(tr(SIMULATED), "reverse"))
        if self._with_answer and asked:
            said = answer(state, datetime.now(UTC), time.monotonic())
            lines.append(verdict_line(said) + Content(f" ({said.until})" if said.until else ""))
        self.update(Content("\n").join(lines))


def _door(state: State) -> str:
    """Which Tor it is, as far as it is known: its SOCKS port is what programs must use."""
    control = state.findings.get("entry.control")
    proof = state.findings.get("entry.socks_is_tor")
    socks = proof.evidence.get("socks") if proof is not None else None
    own = control is not None and control.evidence.get("managed") is True
    if not socks:
        return tr(N_("SafeComm's own Tor")) if own else ""
    return tr(N_("own Tor at {socks}") if own else N_("Tor at {socks}"), socks=socks)
