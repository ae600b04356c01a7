"""The directory authorities as tests see them: they can fall silent, or recommend another version."""

from tests.lab.network import TorNetwork
from tests.lab.plan import Role, nodes

VOTES_S = 75.0


class Authorities:
    """All authorities together."""

    def __init__(self, network: TorNetwork) -> None:
        self._network = network

    def stop(self) -> None:
        """End them: nobody votes, and after a minute the consensus is no longer valid."""
        for node in nodes(Role.AUTHORITY):
            self._network.stop_node(node)

    def start(self) -> None:
        """Start them again and wait for a new consensus."""
        before = self.consensus()
        for node in nodes(Role.AUTHORITY):
            self._network.start_node(node)
        self._network.wait(lambda: self.consensus() not in ("", before), VOTES_S, "a new consensus")

    def recommend(self, versions: str | None) -> None:
        """Recommend only these versions of Tor (None: the installed one); wait for a consensus with them.

        The client learns it with its next consensus, or at once with lab.tor.restart(fresh=True).
        """
        wanted = versions or self._network.installed()
        self._network.recommend(wanted)
        line = f"\nclient-versions {wanted}\n"
        self._network.wait(lambda: line in self.consensus(), VOTES_S, "a consensus with these versions")

    def consensus(self) -> str:
        """The newest consensus that they agreed on."""
        return self._network.consensus("auth1")
