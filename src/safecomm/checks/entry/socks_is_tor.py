"""What we send to the SOCKS port is carried by this Tor, over at least three relays."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from safecomm.core.address import covers
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.evidence import as_json
from safecomm.core.finding import Json
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.words import Footprint, Status
from safecomm.core.world import StreamSeen, World

TRIES = 3
PROBE_S = 12.0
PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class Proof:
    """socks: the port we use; listeners: the ports Tor says are its own; streams: our nonce streams."""

    socks: str
    listeners: tuple[str, ...]
    streams: tuple[StreamSeen, ...] = ()


async def look(world: World) -> Proof:
    """Tie the port to this Tor first; only then open a stream with a random name through it."""
    listeners = await world.listeners("socks")
    if not any(covers(listener, world.socks) for listener in listeners):
        return Proof(world.socks, listeners)
    return Proof(world.socks, listeners, await _streams(world))


async def _streams(world: World) -> tuple[StreamSeen, ...]:
    """One stream; others follow, to other hosts, while none has succeeded."""
    seen: list[StreamSeen] = []
    going: set[asyncio.Task[StreamSeen]] = set()
    targets = _targets(world.profile)
    try:
        while targets or going:
            if targets:
                going.add(asyncio.create_task(world.probe(*targets.pop(0), PROBE_S)))
            wait = PATIENCE_S if targets else None
            done, going = await asyncio.wait(going, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            seen += [task.result() for task in done]
            if any(stream.proven for stream in seen):
                break
    finally:
        for task in going:
            task.cancel()
    return tuple(seen)


def _targets(profile: Profile) -> list[tuple[str, int]]:
    """Hosts and ports that the run talks to anyway."""
    pages = [page.url for page in (*profile.tor_check, *profile.ip_echo)]
    pages += [destination.url for destination in profile.destinations]
    urls = [urlsplit(page) for page in pages[:TRIES]]
    return [(url.hostname or "", url.port or (443 if url.scheme == "https" else 80)) for url in urls]


def show(seen: Proof) -> dict[str, Json]:
    """The evidence without the relays we enter through: they would help to find us."""
    streams = [
        {**asdict(stream), "path": None, "hops": len(stream.path), "exit": stream.exit}
        for stream in seen.streams
    ]
    shown = as_json({"socks": seen.socks, "listeners": seen.listeners, "streams": streams})
    return shown if isinstance(shown, dict) else {}


def judge(seen: Proof, policy: Policy) -> Sequence[Judgement]:
    """A stream proves it; a port that is not Tor's, or traffic Tor never saw, disproves it."""
    if not seen.socks or not seen.listeners:
        return because("no_socks")
    if not any(covers(listener, seen.socks) for listener in seen.listeners):
        return because("not_this_tor", socks=seen.socks)
    if any(stream.succeeded and not stream.reported for stream in seen.streams):
        return because("carried_by_another", socks=seen.socks)
    if any(s.succeeded and s.reported and not s.source_ours for s in seen.streams):
        return because("not_our_stream")
    if any(stream.succeeded and 0 < len(stream.path) < 3 for stream in seen.streams):
        return because("too_short", hops=min(len(s.path) for s in seen.streams if s.succeeded))
    return because("ok" if any(stream.proven for stream in seen.streams) else "no_stream")


SOCKS = "127.0.0.1:9050"
GOOD_STREAM = StreamSeen(True, True, True, "", "7", "GENERAL", ("A" * 40, "B" * 40, "C" * 40))

CHECK = Check(
    id="entry.socks_is_tor",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.control", "entry.bootstrapped"),
    required=always,
    deadline_s=PROBE_S + TRIES * PATIENCE_S,
    look=look,
    judge=judge,
    show=show,
    causes={
        "ok": Cause(Status.PASS, N_("Our own test traffic went through this Tor.")),
        "no_socks": Cause(
            Status.UNKNOWN,
            N_("This Tor offers no SOCKS port, the door for programs, so nothing can go through it."),
            N_("Start Tor with its usual settings, then check again."),
            "start#the-door-is-not-tor",
        ),
        "not_this_tor": Cause(
            Status.FAIL,
            N_("The port your programs would use ({socks}) is not Tor's. Somebody else listens there."),
            N_("Do not use it. Set your programs to Tor's own port, or start Tor again."),
            "start#the-door-is-not-tor",
        ),
        "carried_by_another": Cause(
            Status.FAIL,
            N_("Our test traffic was answered, but this Tor never carried it. Something else does."),
            N_("Do not publish. Stop the program that listens on {socks}, and start Tor again."),
            "start#the-door-is-not-tor",
        ),
        "not_our_stream": Cause(
            Status.UNKNOWN,
            N_("Tor saw our test traffic come from somewhere else than this program."),
            N_("Check again. If it stays so, another program stands between SafeComm and Tor."),
            "start#the-door-is-not-tor",
        ),
        "too_short": Cause(
            Status.FAIL,
            N_("Our test traffic went over only {hops} relays. Three are needed to hide you."),
            N_("Start Tor with its usual settings, then check again."),
            "start#tors-settings",
        ),
        "no_stream": Cause(
            Status.UNKNOWN,
            N_("Our test traffic did not get through Tor."),
            N_("Wait a minute and check again. If it stays so, Tor may be blocked: connect by a bridge."),
            "start#tor-does-not-connect",
        ),
    },
    examples={
        "ok": Proof(SOCKS, (SOCKS,), (GOOD_STREAM,)),
        "no_socks": Proof("", ()),
        "not_this_tor": Proof(SOCKS, ("127.0.0.1:9150",)),
        "carried_by_another": Proof(SOCKS, (SOCKS,), (StreamSeen(succeeded=True),)),
        "not_our_stream": Proof(SOCKS, (SOCKS,), (StreamSeen(True, False, True, path=GOOD_STREAM.path),)),
        "too_short": Proof(SOCKS, (SOCKS,), (StreamSeen(True, True, True, path=("A" * 40,)),)),
        "no_stream": Proof(SOCKS, (SOCKS,), (StreamSeen(True, True, False, "TIMEOUT"),)),
    },
    blind=Proof("", ()),
)
