"""The handle of the lab's web: certificates, services, what they saw."""

import json
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certs import pin, write_certificates
from tests.lab.errors import LabError
from tests.lab.modes import parse_mode
from tests.lab.plan import SITES, site
from tests.lab.space import Process, Space
from tests.lab.wait import tail, wait_for

START_S = 15.0
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that reached a web service (an empty path: it was not read)."""

    service: str
    source: str
    path: str
    mode: str


@dataclass(frozen=True, slots=True)
class Query:
    """A name that somebody asked the lab's DNS server for."""

    source: str
    name: str
    kind: str


class Web:
    """All web services and the DNS server; set() takes effect before it returns."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._certificates = space.folder / "certificates"
        self._log = space.folder / "web.log"
        self._process: Process | None = None

    @property
    def ca_file(self) -> Path:
        """The authority that signed the services' certificates."""
        return self._certificates / "ca.pem"

    def start(self) -> None:
        """Start the services without waiting for them."""
        write_certificates(self._certificates, {site.name: site.host for site in SITES})
        argv = [sys.executable, "-m", "tests.lab.internet", str(self._space.folder)]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = self._space.popen("web", argv, cwd=REPOSITORY, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until they listen; LabError when they do not."""
        ready = (self._space.folder / "web.sock").exists
        wait_for(lambda: ready() or not self._alive(), START_S, "the web services", self._log)
        if not self._alive():
            raise LabError("The web services did not start.", f"Their log:\n{tail(self._log)}")

    def _alive(self) -> bool:
        return self._process is not None and self._process.alive

    def url(self, service: str) -> str:
        """Where a service answers."""
        return site(service).url

    def set(self, service: str, mode: str) -> None:
        """Let a service behave in a mode (see modes.py); LabError for one that it does not know."""
        parse_mode(service, mode)
        self._say({"do": "set", "service": service, "mode": mode})

    def reset(self) -> None:
        """Let all services behave well again."""
        self._say({"do": "reset"})

    def clear(self) -> None:
        """Forget all requests and queries."""
        self._say({"do": "clear"})

    def requests(self) -> tuple[Request, ...]:
        """What reached the services since the start or the last clear()."""
        return tuple(Request(**each) for each in self._say({"do": "tell"})["requests"])

    def queries(self) -> tuple[Query, ...]:
        """What the DNS server was asked since the start or the last clear()."""
        return tuple(Query(**each) for each in self._say({"do": "tell"})["queries"])

    def pin(self, service: str, kind: str = "ok") -> str:
        """The base64 SHA-256 of the service's public key; kind "other_key" for the key of that mode."""
        return pin(self._certificates / f"{service}-{kind}.pem")

    def _say(self, command: dict[str, str]) -> dict[str, list[dict[str, str]]]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_S)
            connection.connect(str(self._space.folder / "web.sock"))
            with connection.makefile("rw", encoding="utf-8") as line:
                line.write(json.dumps(command) + "\n")
                line.flush()
                said: dict[str, list[dict[str, str]]] = json.loads(line.read())
        if "error" in said:
            raise LabError(str(said["error"]))
        return said
