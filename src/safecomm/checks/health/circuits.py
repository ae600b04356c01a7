"""Tor builds whole ways through its network: at least three relays, by a way in that works."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from safecomm.core.address import covers
from safecomm.core.check import Cause, Check, Judgement, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import StreamSeen, World

PATIENCE_S = 10.0
STEP_S = 0.2
HOPS = 3
ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A circuit that carries a stream of ours: hops is None where Tor did not tell its relays.

    purpose: GENERAL, CONFLUX_LINKED (two legs, one exit), HS_CLIENT_REND (to an onion page), …
    """

    circuit: str
    purpose: str
    hops: int | None


@dataclass(frozen=True, slots=True)
class Circuits:
    """Our ways through Tor, its relays of entry (counts only), and circuits built and failed."""

    ways: tuple[Way, ...] = ()
    guards: int = 0
    guards_up: int = 0
    built: int = 0
    failed: int = 0


async def look(world: World) -> Circuits:
    """Wait for a stream of ours, which other checks open, and read what Tor says of its circuits."""
    streams = await _carried(world)
    circuits, counts, guards = await asyncio.gather(
        world.circuits(), world.circuit_counts(), world.info("entry-guards")
    )
    known = {circuit.id: circuit for circuit in circuits}
    ways = {}
    for stream in streams:
        circuit = known.get(stream.circuit)
        path = stream.path or (circuit.path if circuit else ())
        purpose = circuit.purpose if circuit else stream.purpose
        ways[stream.circuit] = Way(stream.circuit, purpose, len(path) or None)
    states = [line.split()[1] for line in guards.splitlines() if len(line.split()) > 1]
    return Circuits(tuple(ways.values()), len(states), states.count("up"), counts.built, counts.failed)


async def _carried(world: World) -> tuple[StreamSeen, ...]:
    until = time.monotonic() + (PATIENCE_S if await _can_come(world) else 0.0)
    while True:
        streams = tuple(stream for stream in await world.streams() if stream.succeeded)
        if streams or time.monotonic() >= until:
            return streams
        await asyncio.sleep(STEP_S)


async def _can_come(world: World) -> bool:
    """Whether the other checks will open a stream at all."""
    listeners, phase = await asyncio.gather(world.listeners("socks"), world.info("status/bootstrap-phase"))
    return "PROGRESS=100" in phase.split() and any(covers(listener, world.socks) for listener in listeners)


def judge(seen: Circuits, policy: Policy) -> Sequence[Judgement]:
    """A short way is a danger seen; a missing guard or failing circuits are a doubt, not a proof.

    Both also happen on a bad network, so they are unknown and never a fail; but they may be how an
    attack on the choice of relays looks, so they are no mere advice either.
    """
    hops = [way.hops for way in seen.ways if way.hops is not None]
    if any(count < HOPS for count in hops):
        return because("too_short", hops=min(hops))
    if not seen.ways:
        return because("no_stream")
    problems: list[Judgement] = []
    if len(hops) < len(seen.ways):
        problems += because("path_untold")
    if not seen.guards_up:
        problems += because("no_guard")
    if seen.built + seen.failed >= ENOUGH and seen.failed > seen.built:
        problems += because("most_fail", failed=seen.failed, all=seen.built + seen.failed)
    return problems or because("ok")


GOOD = Circuits((Way("7", "GENERAL", 3), Way("9", "CONFLUX_LINKED", 3)), 3, 1, 12, 1)

CHECK = Check(
    id="health.circuits",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.socks_is_tor",),
    deadline_s=PATIENCE_S + 6,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Your traffic goes over at least three relays, by a way in that works.")),
        "too_short": Cause(
            Status.FAIL,
            N_("Your traffic goes over only {hops} relays. Three are needed to hide you."),
            N_("Do not publish. Start Tor with its usual settings, then check again."),
            "start#tors-settings",
        ),
        "no_stream": Cause(
            Status.UNKNOWN,
            N_("Nothing of ours has gone through Tor, so its ways could not be looked at."),
            N_("Wait a minute, then check again."),
            "start#tor-does-not-connect",
        ),
        "path_untold": Cause(
            Status.UNKNOWN,
            N_("Tor does not tell over which relays some of our traffic went."),
            N_("Check again. If it stays so, start Tor again."),
            "start#tor-does-not-connect",
        ),
        "no_guard": Cause(
            Status.UNKNOWN,
            N_("None of the relays by which you enter Tor seems to work."),
            N_("Wait two minutes and check again. If it stays so, try another bridge or another network."),
            "start#tor-does-not-connect",
        ),
        "most_fail": Cause(
            Status.UNKNOWN,
            N_("Most of Tor's attempts fail ({failed} of {all}): a bad network, or somebody disturbs it."),
            N_("Try another network or another bridge. If it stays so for hours, do not publish from here."),
            "start#tor-does-not-connect",
        ),
    },
    examples={
        "ok": GOOD,
        "too_short": replace(GOOD, ways=(*GOOD.ways, Way("11", "GENERAL", 1))),
        "no_stream": replace(GOOD, ways=()),
        "path_untold": replace(GOOD, ways=(Way("7", "", None),)),
        "no_guard": replace(GOOD, guards_up=0),
        "most_fail": replace(GOOD, built=5, failed=9),
    },
    blind=Circuits(),
)
