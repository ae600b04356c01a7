"""The real world: every door a check may look through, each tied to one Tor."""

import asyncio
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from safecomm.core.address import covers, join, unix_path
from safecomm.core.errors import NotTold, Unavailable, UseUnanswered
from safecomm.core.profile import Profile
from safecomm.core.words import GOOD, Use
from safecomm.core.world import (
    Answer,
    Ask,
    Circuit,
    CircuitCounts,
    Connection,
    ControlSeen,
    Step,
    StreamSeen,
)
from safecomm.net.leash import Leash
from safecomm.net.machine import open_connections, own_addresses
from safecomm.net.page import read_page
from safecomm.net.stream import Broken, Credentials, open_stream
from safecomm.net.threads import Threads
from safecomm.tor.control import Control
from safecomm.tor.places import stays_near
from safecomm.tor.reach import Reached
from safecomm.tor.settings import parse_listeners

SETTLE_S = 3.0
OWN_ADDRESS_KEYS = ("address", "address/v4", "address/v6")


class LiveWorld:
    """One run on a reached Tor and this computer; a Tor question raises Unavailable if there is none.

    Nothing is sent through the SOCKS port before the gate has opened: the user has answered whether
    Tor may be seen, the control port let us in, Tor is hidden where it must be, says it is
    connected, and names the SOCKS port as its own.
    """

    def __init__(self, profile: Profile, reached: Reached, threads: Threads) -> None:
        self.profile = profile
        self._reached = reached
        self._threads = threads
        self._identities: dict[str, Credentials] = {}
        self._gate: asyncio.Task[Control] | None = None
        self._socks = reached.socks or ""
        if reached.control is not None:
            reached.control.ledger.forget_streams()

    @property
    def socks(self) -> str:
        """The SOCKS address in use."""
        return self._socks

    @property
    def lost(self) -> bool:
        """Whether Tor answered once, and is gone."""
        control = self._reached.control
        return control is not None and not control.alive

    def now(self) -> datetime:
        """The wall clock."""
        return datetime.now(UTC)

    def environment(self) -> Mapping[str, str]:
        """Our own environment, which the user's programs share."""
        return os.environ

    async def control(self) -> ControlSeen:
        """How the control port answered, or that it is lost since."""
        self._answered()
        return replace(self._reached.seen, cause="lost") if self.lost else self._reached.seen

    async def info(self, key: str) -> str:
        """GETINFO."""
        control = self._control()
        return await self._threads.call(lambda: control.info(key))

    async def wake(self) -> None:
        """Wake a Tor that sleeps for lack of use, unless that would show what must stay hidden."""
        control = self._control()
        if await self.info("dormant") == "1" and await self._may_be_used():
            await self._threads.call(control.wake)

    async def options(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """GETCONF names, and GETINFO config-text."""
        control = self._control()
        return await self._threads.call(lambda: control.options(names))

    async def listeners(self, kind: str) -> tuple[str, ...]:
        """GETINFO net/listeners/kind."""
        found = parse_listeners(await self.info(f"net/listeners/{kind}"))
        if kind == "socks" and not self._socks:
            reachable = (_reachable(listener) for listener in found if unix_path(listener) is None)
            self._socks = next(filter(stays_near, reachable), "")
        return found

    async def circuits(self) -> tuple[Circuit, ...]:
        """GETINFO circuit-status."""
        return await self._threads.call(self._control().circuits)

    async def circuit_counts(self) -> CircuitCounts:
        """From CIRC events."""
        return self._control().ledger.counts()

    async def streams(self) -> tuple[StreamSeen, ...]:
        """From STREAM events."""
        return self._control().ledger.streams()

    async def relay_addresses(self, fingerprint: str) -> tuple[str, ...]:
        """From the consensus."""
        control = self._control()
        return await self._threads.call(lambda: control.relay_addresses(fingerprint))

    async def relays_at(self, address: str) -> tuple[str, ...]:
        """From the consensus."""
        control = self._control()
        return await self._threads.call(lambda: control.exits_at(address))

    async def addresses(self) -> tuple[str, ...]:
        """Interfaces, and what relays told Tor."""
        found = set(await self._threads.call(own_addresses))
        for key in OWN_ADDRESS_KEYS:
            try:
                found.add(await self.info(key))
            except NotTold:
                continue
        return tuple(sorted(found))

    async def connections(self) -> tuple[Connection, ...]:
        """The system's tables, with Tor's own sockets marked."""
        pid = await self.info("process/pid")
        if not pid.isdecimal():
            raise NotTold("process/pid")
        doors = {self._reached.seen.endpoint, self._socks, *await self.listeners("socks")}
        return await self._threads.call(lambda: open_connections(int(pid), doors))

    async def probe(self, host: str, port: int, timeout_s: float) -> StreamSeen:
        """A stream of our own, closed as soon as Tor has told what became of it."""
        control = await self._through()
        credentials = self._identity(secrets.token_hex(8), control)

        def work(leash: Leash) -> StreamSeen:
            try:
                stream = open_stream(self._socks, host, port, credentials, timeout_s, leash)
            except Broken as error:
                seen = control.ledger.wait(credentials.user, "", 0.2)
                return replace(seen, reason=seen.reason or f"{error.step}:{error.reason}", succeeded=False)
            with stream:
                return _settled(control, credentials, stream.getsockname())

        return await self._threads.run(work, timeout_s)

    async def fetch(self, ask: Ask) -> Answer:
        """A page through Tor over a stream of our own."""
        control = await self._through()
        credentials = self._identity(ask.identity, control)
        url = urlsplit(ask.url)
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)

        def work(leash: Leash) -> Answer:
            answer = Answer(ask.url)
            try:
                stream = open_stream(self._socks, host, port, credentials, ask.timeout_s, leash)
            except Broken as error:
                seen = control.ledger.wait(credentials.user, "", 0.2)
                step, reason = _named(error, host, seen)
                return replace(answer, broken=step, reason=reason, stream=seen)
            source = stream.getsockname()
            answer = read_page(ask, stream, leash, answer)
            return replace(answer, stream=_settled(control, credentials, source))

        return await self._threads.run(work, ask.timeout_s)

    async def resolve(self, host: str) -> tuple[str, ...]:
        """The address an exit found for a destination's name: Tor tells it when the exit connects."""
        for destination in self.profile.destinations:
            url = urlsplit(destination.url)
            if url.hostname == host:
                port = url.port or (443 if url.scheme == "https" else 80)
                seen = await self.probe(host, port, SETTLE_S * 5)
                return (seen.address,) if seen.address else ()
        return ()

    def _answered(self) -> None:
        if self.profile.tor.use is None:
            raise UseUnanswered

    def _control(self) -> Control:
        self._answered()
        control = self._reached.control
        if control is None or not control.alive:
            raise Unavailable("entry.control")
        return control

    async def _through(self) -> Control:
        if self._gate is None:
            self._gate = asyncio.create_task(self._open_gate())
        await asyncio.shield(self._gate)
        return self._control()

    async def _open_gate(self) -> Control:
        control = self._control()
        if not await self._may_be_used():
            raise Unavailable("health.visibility")
        listeners = await self.listeners("socks")
        near = bool(self._socks) and stays_near(self._socks)
        if not near or not any(covers(listener, self._socks) for listener in listeners):
            raise Unavailable("entry.socks_is_tor")
        if "PROGRESS=100 " not in f"{await self.info('status/bootstrap-phase')} ":
            raise Unavailable("entry.bootstrapped")
        return control

    async def _may_be_used(self) -> bool:
        if self.profile.tor.use is Use.VISIBLE:
            return True
        from safecomm.checks.health.visibility import CHECK

        judged = CHECK.judge(await CHECK.look(self), self.profile.policy)
        return bool(judged) and all(CHECK.causes[each.cause].status in GOOD for each in judged)

    def _identity(self, identity: str, control: Control) -> Credentials:
        credentials = self._identities.get(identity)
        if credentials is None:
            credentials = Credentials(secrets.token_hex(16), secrets.token_hex(16))
            self._identities[identity] = credentials
            control.ledger.expect(credentials.user)
        return credentials


def _settled(control: Control, credentials: Credentials, source: tuple[str, int]) -> StreamSeen:
    """What Tor told of a stream the proxy has granted: one it never saw was carried by another."""
    seen = control.ledger.wait(credentials.user, join(source[0], source[1]), SETTLE_S)
    if not control.alive:
        raise Unavailable("entry.control")
    return seen if seen.reported else replace(seen, succeeded=True)


def _named(error: Broken, host: str, seen: StreamSeen) -> tuple[Step, str]:
    """The broken step, by Tor's own reason where it gives one (control-spec, section 4.1.2)."""
    if host.endswith(".onion") and error.step in (Step.RESOLVE, Step.CONNECT):
        return Step.CONNECT, "timed_out" if error.reason == "timed_out" else "onion_down"
    return {
        "RESOLVEFAILED": (Step.RESOLVE, "failed"),
        "CONNECTREFUSED": (Step.CONNECT, "refused"),
        "TIMEOUT": (Step.CONNECT, "timed_out"),
        "NOROUTE": (Step.CONNECT, "unreachable"),
        "EXITPOLICY": (Step.CONNECT, "exit_policy"),
        "CONNRESET": (Step.CONNECT, "reset"),
    }.get(seen.reason, (error.step, error.reason))


def _reachable(listener: str) -> str:
    """The loopback address that reaches a listener bound to every address."""
    return listener.replace("0.0.0.0:", "127.0.0.1:", 1).replace("[::]:", "[::1]:", 1)
