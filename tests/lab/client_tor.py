"""The user's own Tor in the lab: start it, stop it, set it up well or badly."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.network import TorNetwork
from tests.lab.space import Process, Space
from tests.lab.torrc import CONTROLS, client_torrc
from tests.lab.wait import wait_for

PASSWORD = "correct horse battery staple"
BOOTSTRAP_S = 60.0
ASK = """
import stem.control, sys
with stem.control.Controller.from_port() as tor:
    tor.authenticate()
    print(tor.msg(sys.argv[1]))
"""


class ClientTor:
    """The tor process in the client's namespace; its log is read, its control port left to the tests."""

    def __init__(self, space: Space, network: TorNetwork) -> None:
        self._space = space
        self._network = network
        self._process: Process | None = None
        self._log = space.folder / "client.log"

    @property
    def folder(self) -> Path:
        """Its data directory: the cookie, and the control socket when there is one, lie here."""
        return self._space.folder / "client"

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.alive

    @property
    def pid(self) -> int:
        """Its process id, seen from outside the lab."""
        if self._process is None:
            raise LabError("The client's Tor does not run.", "Call lab.tor.start().")
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has logged since its last start."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def start(
        self,
        changes: Sequence[str] = (),
        *,
        control: str = "cookie",
        bridge: bool = False,
        fresh: bool = False,
        wait: bool = True,
        clock_s: int = 0,
    ) -> None:
        """Start it; changes are torrc lines that replace those with the same option name.

        control is "cookie", "password" (PASSWORD), "open", "socket" (folder / "control") or "none".
        bridge: only through the obfs4 bridge. fresh: forget the consensus and guards of earlier runs.
        clock_s: its clock is so many seconds off (needs the program faketime).
        """
        if self.running:
            raise LabError("The client's Tor runs already.", "Call lab.tor.restart().")
        if control not in CONTROLS:
            raise LabError(f"There is no control mode {control!r}.", f"Use one of {', '.join(CONTROLS)}.")
        if fresh:
            self.forget()
        lines = list(changes)
        if control == "password":
            lines.append(f"HashedControlPassword {self._hash(PASSWORD)}")
        if bridge:
            lines += self.bridge_options()
        torrc = self._space.folder / "client.torrc"
        torrc.write_text(client_torrc(self._network.known, control, lines), encoding="utf-8")
        self.folder.mkdir(mode=0o700, exist_ok=True)
        argv = ["tor", "-f", str(torrc)]
        if clock_s:
            argv = ["env", f"LD_PRELOAD={_faketime()}", f"FAKETIME={clock_s:+d}s", *argv]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = self._space.popen("client", argv, stdout=log, stderr=log)
        if wait:
            self.wait_bootstrapped()

    def bridge_options(self) -> list[str]:
        """The torrc lines that make a Tor use the lab's obfs4 bridge and nothing else."""
        plugin = "ClientTransportPlugin obfs4 exec /usr/bin/obfs4proxy"
        return ["UseBridges 1", plugin, f"Bridge {self._network.bridge_line()}"]

    def wait_bootstrapped(self, timeout: float = BOOTSTRAP_S) -> None:
        """Wait until its log says 100 %; LabError with the last log lines when it ends or takes too long."""
        wait_for(
            lambda: "Bootstrapped 100%" in self.log or not self.running, timeout, "bootstrapping", self._log
        )
        if not self.running:
            raise LabError("The client's Tor has ended.", f"Its log:\n{self.log[-2000:]}")

    def stop(self) -> None:
        """Ask it to end and wait; harmless when it does not run."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, without its clean-up."""
        if self._process is not None:
            self._process.kill()

    def restart(
        self,
        changes: Sequence[str] = (),
        *,
        control: str = "cookie",
        bridge: bool = False,
        fresh: bool = False,
        wait: bool = True,
        clock_s: int = 0,
    ) -> None:
        """Stop it and start it again; arguments as for start(), none means the usual set-up."""
        self.stop()
        self.start(changes, control=control, bridge=bridge, fresh=fresh, wait=wait, clock_s=clock_s)

    def forget(self) -> None:
        """Remove what it has learned of the network, its guards too."""
        for file in (*self.folder.glob("cached-*"), self.folder / "state"):
            file.unlink(missing_ok=True)

    def ask(self, command: str) -> str:
        """Send a line to its control port on 127.0.0.1:9051 (cookie or open) and return the reply."""
        return self._space.run("client", [sys.executable, "-c", ASK, command]).stdout.strip()

    def _hash(self, password: str) -> str:
        done = self._space.run("client", ["tor", "--quiet", "--hash-password", password])
        return done.stdout.strip().splitlines()[-1]


def _faketime() -> Path:
    # The command faketime would stand between us and tor; its library alone does the same.
    for found in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"):
        return found
    raise LabError("The library of faketime is missing.", "Install the package faketime.")
