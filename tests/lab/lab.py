"""The lab as a whole: build it, use its parts, end it."""

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab import topology
from tests.lab.authorities import Authorities
from tests.lab.client import Client
from tests.lab.client_tor import PASSWORD, ClientTor
from tests.lab.errors import LabError
from tests.lab.network import TorNetwork
from tests.lab.plan import BEHAVIOURS, CONTROL, DNS_ADDRESS, DOMAIN, SOCKS, Role, nodes
from tests.lab.profile import Table, to_toml
from tests.lab.router import Router
from tests.lab.space import Process, Space
from tests.lab.torrc import testing
from tests.lab.web import Web
from tests.lab.witness import Witness


class Lab:
    """A private Tor network; everything in it ends with this object, and with the process that made it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="safecomm-lab-"))
        self.space = Space(self.folder)
        self.network = TorNetwork(self.space)
        self.authorities = Authorities(self.network)
        self.tor = ClientTor(self.space, self.network)
        self.client = Client(self.space)
        self.router = Router(self.space)
        self.web = Web(self.space)
        self.boot_s = 0.0

    @classmethod
    def start(cls) -> Self:
        """Build it all; wait until the client's Tor has bootstrapped and the onion service can be found."""
        lab, begin = cls(), time.monotonic()
        try:
            lab._boot()
        except BaseException:
            lab.close()
            raise
        lab.boot_s = time.monotonic() - begin
        return lab

    def _boot(self) -> None:
        self.space.start()
        self._resolver()
        self.space.run(None, ["sh", "-c", topology.script()])
        self.web.start()
        self.network.start()
        self.tor.start()
        self.web.wait()
        self.network.wait_for_onion()

    def _resolver(self) -> None:
        """Make the lab's DNS server the resolver of every program in the lab."""
        file = self.folder / "resolv.conf"
        file.write_text(f"nameserver {DNS_ADDRESS}\n", encoding="ascii")
        place = Path("/etc/resolv.conf").resolve()
        # Where it is a link into /run, our own /run is empty: make the file there.
        script = 'mkdir -p "$(dirname "$1")" && { [ -e "$1" ] || touch "$1"; } && mount --bind "$0" "$1"'
        self.space.run(None, ["sh", "-c", script, str(file), str(place)])

    @property
    def onion_url(self) -> str:
        """The page of the lab's v3 onion service."""
        return f"http://{self.network.onion_address()}/"

    @property
    def exits(self) -> tuple[str, ...]:
        """The addresses that web services see Tor users come from."""
        return tuple(node.address for node in nodes(Role.EXIT))

    def pin_exit(self, name: str) -> tuple[str, str]:
        """The torrc lines that make a Tor use one exit ("exit1", …) and no other."""
        node = {each.name: each for each in nodes(Role.EXIT)}[name]
        return f"ExitNodes {self.network.fingerprint(node)}", "StrictNodes 1"

    def witness(self) -> Witness:
        """A context manager that sees every packet leaving the client."""
        return Witness(self.client)

    def plain_socks(self, port: int) -> Process:
        """Start a SOCKS5 proxy without Tor on the client's loopback; stop() ends it."""
        return self.client.helper("plain_socks", str(port))

    def fake_control(self, port: int, behaviour: str) -> Process:
        """Start a control port that is none: "rubbish", "silence" or "endless_line"; stop() ends it."""
        if behaviour not in BEHAVIOURS:
            raise LabError(f"There is no behaviour {behaviour!r}.", f"Use one of {', '.join(BEHAVIOURS)}.")
        return self.client.helper("fake_control", str(port), behaviour)

    def write_profile(
        self,
        path: Path,
        *,
        name: str = "lab",
        tor: Table | None = None,
        services: Mapping[str, Sequence[Table]] | None = None,
        destinations: Sequence[Table] | None = None,
        policy: Table | None = None,
        password: str | None = None,
        managed: bool = False,
        bridge: bool = False,
    ) -> Path:
        """Write a profile for the client, and beside it what it refers to; returns path.

        tor and services change single keys of what the lab would write (None or () removes them).
        password: a control password, in a file beside it. managed: SafeComm starts a Tor of its own,
        with bridge only through the lab's obfs4 bridge ("hidden").
        """
        shutil.copy(self.web.ca_file, path.parent / "ca.pem")
        settings = self._tor_settings(path.parent, password, managed, bridge)
        trusted = {"ca_file": "ca.pem"}
        arrays: dict[str, Sequence[Table]] = {
            "tor_check": [{"url": self.web.url("check"), **trusted}],
            "ip_echo": [{"url": self.web.url(each), **trusted} for each in ("ip1", "ip2")],
            "onion": [{"url": self.onion_url}],
            **(services or {}),
        }
        publish = {"name": "The lab's drop", "url": self.web.url("publish"), **trusted}
        everything = {f"services.{kind}": each for kind, each in arrays.items()}
        everything["destinations"] = [publish] if destinations is None else destinations
        tables = {"tor": {**settings, **(tor or {})}, "policy": policy or {}}
        path.write_text(to_toml({"schema": 1, "name": name}, tables, everything), encoding="utf-8")
        return path

    def _tor_settings(
        self, folder: Path, password: str | None, managed: bool, bridge: bool
    ) -> dict[str, object]:
        settings: dict[str, object] = {"mode": "system", "control": CONTROL, "socks": SOCKS}
        if managed:
            lines = [*testing(self.network.known), *(self.tor.bridge_options() if bridge else ())]
            (folder / "extra.torrc").write_text("\n".join(lines) + "\n", encoding="utf-8")
            settings = {"mode": "managed", "options_file": "extra.torrc"}
        if password is not None:
            (folder / "control-password").write_text(password + "\n", encoding="utf-8")
            (folder / "control-password").chmod(0o600)
            settings["password_file"] = "control-password"
        return {**settings, "use": "hidden" if bridge else "visible", "private_network": True}

    def dns_leak_service(self) -> Table:
        """The services.dns_leak entry for the lab's own DNS-leak page."""
        url = self.web.url("dnsleak") + "result/{token}"
        return {"url": url, "name": f"{{token}}.dnsleak.{DOMAIN}", "ca_file": "ca.pem"}

    def close(self) -> None:
        """End everything; harmless when called again."""
        self.space.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


__all__ = ["PASSWORD", "Lab"]
