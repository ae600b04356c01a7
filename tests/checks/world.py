"""A world made of plain data: what is not given is not told."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from safecomm.core.check import Check
from safecomm.core.errors import NotTold
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.world import (
    Answer,
    Ask,
    Circuit,
    CircuitCounts,
    Connection,
    ControlSeen,
    Step,
    StreamSeen,
    World,
)
from safecomm.run import conclude_check

T = TypeVar("T")
SOCKS = "127.0.0.1:9050"
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
PATH = ("A" * 40, "B" * 40, "C" * 40)


def stream_to(exit_: str, circuit: str = "7") -> StreamSeen:
    """A stream of ours that Tor carried over three relays, the last of which is exit_."""
    return StreamSeen(True, True, True, "", circuit, "GENERAL", (*PATH[:2], exit_))


GOOD_STREAM = stream_to(PATH[-1])


@dataclass(kw_only=True)
class FakeWorld:
    """Satisfies core.world.World. A field that is None, and a key that is missing, raise NotTold.

    pages: an answer for each URL, or a function of what was asked; other URLs are refused at the
    far end. asked and probed remember what was sent.
    """

    profile: Profile = field(default_factory=lambda: Profile("test"))
    socks: str = SOCKS
    clock: datetime = NOW
    variables: Mapping[str, str] = field(default_factory=dict)
    control_seen: ControlSeen | Exception = field(default_factory=lambda: ControlSeen("ok"))
    infos: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, tuple[str, ...]] | None = None
    listening: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    circuits_now: tuple[Circuit, ...] | None = None
    counted: CircuitCounts | None = None
    streams_seen: tuple[StreamSeen, ...] | None = None
    probes: Mapping[str, StreamSeen] = field(default_factory=dict)
    pages: Mapping[str, Answer | Callable[[Ask], Answer]] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[str, ...] | None = None
    relays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_now: tuple[Connection, ...] | None = None
    asked: list[Ask] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock

    def environment(self) -> Mapping[str, str]:
        return self.variables

    async def control(self) -> ControlSeen:
        if isinstance(self.control_seen, Exception):
            raise self.control_seen
        return self.control_seen

    async def info(self, key: str) -> str:
        return _told(self.infos.get(key), key)

    async def options(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        return _told(self.settings, "config-text")

    async def listeners(self, kind: str) -> tuple[str, ...]:
        return _told(self.listening.get(kind), f"net/listeners/{kind}")

    async def circuits(self) -> tuple[Circuit, ...]:
        return _told(self.circuits_now, "circuit-status")

    async def circuit_counts(self) -> CircuitCounts:
        return _told(self.counted, "circuit-counts")

    async def streams(self) -> tuple[StreamSeen, ...]:
        return _told(self.streams_seen, "streams")

    async def probe(self, host: str, port: int, timeout_s: float) -> StreamSeen:
        self.probed.append(f"{host}:{port}")
        return self.probes.get(host, StreamSeen(True, True, reason="TIMEOUT"))

    async def fetch(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        page = self.pages.get(
            ask.url, Answer(ask.url, Step.CONNECT, "refused", stream=StreamSeen(True, True))
        )
        return page if isinstance(page, Answer) else page(ask)

    async def resolve(self, host: str) -> tuple[str, ...]:
        return self.names.get(host, ())

    async def addresses(self) -> tuple[str, ...]:
        return _told(self.own, "addresses")

    async def relay_addresses(self, fingerprint: str) -> tuple[str, ...]:
        return self.relays.get(fingerprint, ())

    async def relays_at(self, address: str) -> tuple[str, ...]:
        return tuple(relay for relay, addresses in self.relays.items() if address in addresses)

    async def connections(self) -> tuple[Connection, ...]:
        return _told(self.open_now, "connections")


def _told(value: T | None, key: str) -> T:
    if value is None:
        raise NotTold(key)
    return value


def look(check: Check, world: World) -> Any:
    """What a check sees in this world; raises what the look raises."""

    async def looking() -> Any:
        return await check.look(world)

    return asyncio.run(looking())


def judged(check: Check, world: World, policy: Policy | None = None) -> Finding:
    """What a check concludes from this world."""
    return conclude_check(check, look(check, world), policy or Policy(), True)
