"""The Tor network of the lab: authorities, relays, exits, a bridge and an onion service."""

import math
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.keys import fingerprint, make_keys, write_bandwidths
from tests.lab.plan import OBFS4_PORT, Node, Role, nodes
from tests.lab.space import Process, Space
from tests.lab.torrc import FIRST_INTERVAL_S, Network, node_torrc
from tests.lab.wait import wait_for

FIRST_VOTE_S = 5.0
FIRST_VOTE_TO_CONSENSUS_S = 4.0
START_S = 20.0
CONSENSUS_S = 60.0
BRIDGE_S = 20.0
ONION_S = 60.0
STORED = "Uploaded hidden service descriptor (status 200"
ENOUGH_STORED = 8
CONSENSUS = "cached-microdesc-consensus"


class TorNetwork:
    """All nodes but the user's own Tor."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._running: dict[str, Process] = {}
        self._versions = ""
        self._known: Network | None = None

    @property
    def known(self) -> Network:
        """What a Tor needs to be told to join; LabError before start()."""
        if self._known is None:
            raise LabError("The Tor network has not started.", "Start the lab first.")
        return self._known

    def start(self) -> None:
        """Make the keys, start authorities and relays, wait for a consensus, start what needs one."""
        folder = self._space.folder
        (folder / "no-geoip").touch()
        authorities = make_keys(self._space)
        first_consensus = round(time.time() + FIRST_VOTE_S + FIRST_VOTE_TO_CONSENSUS_S)
        patience = math.ceil(first_consensus - time.time())
        self._versions = self.installed()
        self._known = Network(authorities, first_consensus % FIRST_INTERVAL_S, patience, folder)
        early = nodes(Role.AUTHORITY, Role.RELAY, Role.EXIT)
        for node in early:
            self.start_node(node)
        self.wait(lambda: all(fingerprint(folder, node) for node in early), START_S, "the relays' keys")
        write_bandwidths(
            folder / "bandwidths", {node.name: self.fingerprint(node) for node in early}, int(time.time())
        )
        self.wait(lambda: self._complete("auth1"), CONSENSUS_S, "a consensus with all relays")
        relays = nodes(Role.RELAY, Role.EXIT)
        self.wait(
            lambda: all(self._complete(node.name) for node in relays),
            CONSENSUS_S,
            "the relays to learn of it",
        )
        for node in nodes(Role.BRIDGE, Role.ONION):
            self.start_node(node)

    def fingerprint(self, node: Node) -> str:
        """The RSA fingerprint of a node that has started, 40 hexadecimal digits."""
        found = fingerprint(self._space.folder, node)
        if found is None:
            raise LabError(f"{node.name} has no fingerprint yet.", "Start it first.")
        return found

    def start_node(self, node: Node) -> None:
        """Start one node, or start it again."""
        torrc = self._write(node)
        log = (self._space.folder / f"{node.name}.log").open("a", encoding="utf-8")
        with log:
            self._running[node.name] = self._space.popen(
                node.space, ["tor", "-f", str(torrc)], stdout=log, stderr=log
            )

    def stop_node(self, node: Node) -> None:
        """End one node, if it runs."""
        process = self._running.pop(node.name, None)
        if process is not None:
            process.stop()

    def installed(self) -> str:
        """The version of the Tor that all nodes run."""
        said = self._space.run(None, ["tor", "--version"]).stdout
        return said.split()[2].rstrip(".")

    def recommend(self, versions: str) -> None:
        """Tell the running authorities which versions of Tor to recommend from the next vote on."""
        self._versions = versions
        for node in nodes(Role.AUTHORITY):
            self._write(node)
            if node.name in self._running:
                self._running[node.name].send(signal.SIGHUP)

    def consensus(self, name: str) -> str:
        """The consensus that a node has on disk, empty when it has none."""
        file = self._space.folder / name / CONSENSUS
        try:
            return file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def bridge_line(self) -> str:
        """The obfs4 bridge, as a client's "Bridge" option wants it."""
        node = nodes(Role.BRIDGE)[0]
        file = self._space.folder / node.name / "pt_state" / "obfs4_bridgeline.txt"
        self.wait(
            lambda: file.exists() and "cert=" in file.read_text(), BRIDGE_S, "the obfs4 bridge", node.name
        )
        template = next(line for line in file.read_text().splitlines() if line.startswith("Bridge"))
        place = template.replace("<IP ADDRESS>:<PORT>", f"{node.address}:{OBFS4_PORT}")
        return place.replace("<FINGERPRINT>", self.fingerprint(node)).removeprefix("Bridge ")

    def onion_address(self) -> str:
        """The v3 onion service's name, with ".onion"."""
        node = nodes(Role.ONION)[0]
        file = self._space.folder / node.name / "service" / "hostname"
        self.wait(
            lambda: file.exists() and file.read_text().strip() != "", BRIDGE_S, "the onion service", node.name
        )
        return file.read_text(encoding="ascii").strip()

    def wait_for_onion(self) -> None:
        """Wait until the onion service's descriptors are where clients look for them."""
        node = nodes(Role.ONION)[0]
        log = self._space.folder / f"{node.name}.log"
        self.wait(
            lambda: log.read_text().count(STORED) >= ENOUGH_STORED, ONION_S, "the onion service", node.name
        )

    def wait(self, done: Callable[[], bool], seconds: float, what: str, who: str = "auth1") -> None:
        """Wait until done() says so; LabError with the last lines of who's log when it takes too long."""
        wait_for(done, seconds, what, self._space.folder / f"{who}.log")

    def _complete(self, name: str) -> bool:
        text = self.consensus(name)
        return all(f"\nr {each.name} " in text for each in nodes(Role.AUTHORITY, Role.RELAY, Role.EXIT))

    def _write(self, node: Node) -> Path:
        file = self._space.folder / f"{node.name}.torrc"
        file.write_text(node_torrc(self.known, node, self._versions), encoding="utf-8")
        data = self._space.folder / node.name
        data.mkdir(mode=0o700, exist_ok=True)
        return file
