"""The line above every screen: whose copy this is, how Tor is reached, and whether it is practice."""

from textual.content import Content
from textual.widgets import Static

from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Profile
from safecomm.core.telling import PRACTICE, SIMULATED
from safecomm.core.words import Use
from safecomm.tui.state import State

USE = {
    Use.VISIBLE: N_("Tor may be seen"),
    Use.HIDDEN: N_("Tor stays hidden"),
    None: N_("not asked yet"),
}
WIDTH = 80


class Top(Static):
    """One line, two in a practice network."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def tell(self, profile: Profile, state: State, watching: bool) -> None:
        """Show where we are."""
        watch = tr(N_("watching")) if watching else tr(N_("NOT watching"))
        name = printable(profile.name, 24)
        parts = [f"SafeComm - {name}", _door(state), tr(USE[profile.tor.use]), watch]
        lines = [Content.styled(" | ".join(part for part in parts if part), "bold")]
        if profile.tor.private_network:
            lines.append(Content.styled(tr(PRACTICE), "reverse"))
        if state.report is not None and state.report.simulated:
            lines.append(Content.styled(tr(SIMULATED), "reverse"))
        self.update(Content("\n").join(lines))


def _door(state: State) -> str:
    """Which Tor it is, as far as it is known: its SOCKS port is what programs must use."""
    proof = state.findings.get("entry.socks_is_tor")
    socks = proof.evidence.get("socks") if proof is not None else None
    return tr(N_("Tor at {socks}"), socks=socks) if socks else ""
