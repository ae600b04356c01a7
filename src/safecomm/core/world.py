"""The outside as a check sees it: a protocol, and plain data for what comes back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from safecomm.core.profile import Profile


@dataclass(frozen=True, slots=True)
class ControlSeen:
    """How the control port answered: cause is "ok" or one of tor.control's named causes.

    detail is a short extra fact (a version, a path), never a secret; tried lists the endpoints.
    """

    cause: str
    endpoint: str = ""
    method: str = ""
    version: str = ""
    managed: bool = False
    detail: str = ""
    tried: tuple[str, ...] = ()


class Step(StrEnum):
    """The steps of asking a page through Tor, in order; one of them can break."""

    SOCKS = "socks"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    HTTP = "http"
    STATUS = "status"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class StreamSeen:
    """What Tor's own events told about one stream of ours.

    reported: our nonce appeared; source_ours: SOURCE_ADDR was our socket; succeeded: the exit
    connected; reason: Tor's reason when the stream failed; circuit: Tor's circuit id;
    path: relay fingerprints (40 hex digits) from guard to exit.
    """

    reported: bool = False
    source_ours: bool = False
    succeeded: bool = False
    reason: str = ""
    circuit: str = ""
    purpose: str = ""
    path: tuple[str, ...] = ()
    address: str = ""

    @property
    def proven(self) -> bool:
        """Whether it was this Tor that carried the stream, over at least three hops."""
        return self.reported and self.source_ours and self.succeeded and len(self.path) >= 3

    @property
    def exit(self) -> str:
        """The fingerprint of the last relay, or nothing."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for. identity: asks with the same identity share a circuit, others never do.

    ca_file: the only authority trusted; spki_sha256: base64 pins (without ca_file they alone
    decide, else the system's authorities do). limit is in bytes, timeout_s covers the whole ask.
    """

    url: str
    identity: str
    ca_file: Path | None = None
    spki_sha256: tuple[str, ...] = ()
    limit: int = 65536
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; broken and reason say where it stopped, or None and "".

    reasons: socks: refused, timed_out, not_socks · resolve: failed · connect: refused, timed_out,
    reset, unreachable, exit_policy, onion_down · tls: expired, not_yet_valid, untrusted, name, pin,
    timed_out, failed · http: timed_out, too_big, not_http, closed · status: the number ·
    redirect: elsewhere, endless, insecure.  key_sha256: base64 of the server's SPKI digest.
    date: its Date header (UTC); received: our clock (UTC) when it came.
    """

    url: str
    broken: Step | None = None
    reason: str = ""
    status: int = 0
    body: bytes = b""
    date: datetime | None = None
    received: datetime | None = None
    key_sha256: str = ""
    location: str = ""
    stream: StreamSeen = field(default_factory=StreamSeen)


@dataclass(frozen=True, slots=True)
class Circuit:
    """One line of Tor's circuit-status; status is BUILT, EXTENDED, LAUNCHED, …"""

    id: str
    status: str
    purpose: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """An open socket of this computer: protocol tcp or udp, remote address and port.

    pid is None and program empty where the system does not tell; tors: it belongs to Tor or
    one of its transports.
    """

    protocol: str
    remote: str
    port: int
    pid: int | None = None
    program: str = ""
    tors: bool = False


@dataclass(frozen=True, slots=True)
class CircuitCounts:
    """How many general circuits were built and failed since we listen."""

    built: int = 0
    failed: int = 0


class World(Protocol):
    """Everything a look may touch. Each call raises Unavailable, NotTold or UseUnanswered when blind."""

    @property
    def profile(self) -> Profile:
        """The profile in force."""

    @property
    def socks(self) -> str:
        """The SOCKS address "host:port" that the program would use; empty if none is known."""

    def now(self) -> datetime:
        """This computer's clock, UTC."""

    def environment(self) -> Mapping[str, str]:
        """The environment variables the user's programs inherit."""

    async def control(self) -> ControlSeen:
        """How the control port answered."""

    async def info(self, key: str) -> str:
        """Tor's answer to GETINFO key."""

    async def options(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Tor's settings of these names as they are in force, defaults included, and others that were
        changed; in Tor's spelling, values in order."""

    async def listeners(self, kind: str) -> tuple[str, ...]:
        """Tor's own listeners of that kind (socks, control), as "host:port" or "unix:/path"."""

    async def circuits(self) -> tuple[Circuit, ...]:
        """Tor's circuits."""

    async def circuit_counts(self) -> CircuitCounts:
        """Circuits built and failed since we listen."""

    async def streams(self) -> tuple[StreamSeen, ...]:
        """The streams of our own that Tor has reported so far."""

    async def probe(self, host: str, port: int, timeout_s: float) -> StreamSeen:
        """Open a stream of our own to host (a name, not resolved here) and see what Tor reports."""

    async def fetch(self, ask: Ask) -> Answer:
        """Ask for a page through Tor; what goes wrong is in the answer."""

    async def resolve(self, host: str) -> tuple[str, ...]:
        """Addresses of a name, asked through Tor only."""

    async def addresses(self) -> tuple[str, ...]:
        """This computer's own addresses: of its interfaces, and as Tor was told from outside."""

    async def relay_addresses(self, fingerprint: str) -> tuple[str, ...]:
        """The addresses of a relay in the consensus; none if it is not there."""

    async def relays_at(self, address: str) -> tuple[str, ...]:
        """The fingerprints of the consensus' exits at that address."""

    async def connections(self) -> tuple[Connection, ...]:
        """The open connections of this computer in every state but closed and listening."""
