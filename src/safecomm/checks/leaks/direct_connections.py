"""No other program talks to the place where you publish, or to the internet, outside Tor."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from safecomm.core.address import join, plain
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.errors import NotTold, Unavailable
from safecomm.core.evidence import as_json
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import Connection, World

RESOLVE_S = 18.0
ASKS = 2  # a name has other addresses elsewhere: each ask comes out of Tor at another place
SHOWN = 50
# RFC 1918, 3927, 4193, 4291, 5771: never routed to the internet.
NEAR = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/32",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
)
DHCP = frozenset({67, 68, 546, 547})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A connection past Tor: remote is "address:port"; pid None and program "" where not told."""

    pid: int | None
    program: str
    remote: str
    protocol: str
    destination: bool = False


@dataclass(frozen=True, slots=True)
class Connections:
    """What leaves outside Tor, None if it was not seen; unresolved: destinations of unknown address."""

    connections: tuple[Outgoing, ...] | None = None
    unresolved: tuple[str, ...] = ()


async def look(world: World) -> Connections:
    """List the connections before and after asking, through Tor, where the destinations are."""
    before = await world.connections()
    hosts = [urlsplit(place.url).hostname or "" for place in world.profile.destinations]
    found = await asyncio.gather(*(_addresses(world, host) for host in dict.fromkeys(hosts)))
    unresolved = [host for host, addresses in found if not addresses and not host.endswith(".onion")]
    places = {address for _, addresses in found for address in addresses}
    after = await world.connections() if hosts else before
    outgoing = (_outgoing(each, places) for each in dict.fromkeys((*before, *after)) if not each.tors)
    leaving = [each for each in dict.fromkeys(outgoing) if each is not None]
    return Connections(tuple(sorted(leaving, key=lambda each: not each.destination)), tuple(unresolved))


async def _addresses(world: World, host: str) -> tuple[str, frozenset[str]]:
    """Every address of a destination that Tor's exits tell; a literal one is itself."""
    if host.endswith(".onion"):
        return host, frozenset()
    with contextlib.suppress(ValueError):
        return host, frozenset({plain(host)})
    found: set[str] = set()

    async def ask() -> None:
        with contextlib.suppress(Unavailable, NotTold):
            for address in await world.resolve(host):
                with contextlib.suppress(ValueError):
                    found.add(plain(address))

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(RESOLVE_S):
            await asyncio.gather(*(ask() for _ in range(ASKS)))
    return host, frozenset(found)


def _outgoing(seen: Connection, places: Iterable[str]) -> Outgoing | None:
    """A connection that leaves this computer and its own network, or leads to a destination."""
    try:
        address = ip_address(plain(seen.remote))
    except ValueError:
        return Outgoing(seen.pid, seen.program, join(seen.remote, seen.port), seen.protocol)
    if address.is_loopback:
        return None
    destination = str(address) in places
    near = any(address in net for net in NEAR if net.version == address.version)
    if not destination and (near or (seen.protocol == "udp" and seen.port in DHCP)):
        return None
    return Outgoing(seen.pid, seen.program, join(str(address), seen.port), seen.protocol, destination)


def judge(seen: Connections, policy: Policy) -> Sequence[Judgement]:
    """To a destination: a danger. To anything else: advice. Destinations that were not found: a doubt."""
    if seen.connections is None:
        return because("not_seen")
    problems: list[Judgement] = []
    for program in dict.fromkeys(each.program for each in seen.connections if each.destination):
        problems += because("direct_connection", program=program or tr(UNNAMED))
    if seen.unresolved:
        problems += because("destination_not_found", host=seen.unresolved[0])
    for program in dict.fromkeys(each.program for each in seen.connections if not each.destination):
        problems += because("other_connection", program=program or tr(UNNAMED))
    return problems or because("ok")


def show(seen: Connections) -> Mapping[str, Json]:
    """The connections; destinations without an address only if there are any."""
    shown = as_json((seen.connections or ())[:SHOWN])
    return {"connections": shown, **({"unresolved": as_json(seen.unresolved)} if seen.unresolved else {})}


UNNAMED = N_("a program of another account")
CURL = Outgoing(3121, "curl", "198.18.0.10:443", "tcp", destination=True)
MAIL = Outgoing(2210, "thunderbird", "[2001:db8::25]:993", "tcp")

CHECK = Check(
    id="leaks.direct_connections",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.control",),
    required=always,
    deadline_s=RESOLVE_S + 6,
    look=look,
    judge=judge,
    show=show,
    causes={
        "ok": Cause(Status.PASS, N_("No other program talks to the internet outside Tor.")),
        "not_seen": Cause(
            Status.UNKNOWN,
            N_("The connections of other programs could not be seen."),
            N_("Close every program that you do not need, then check again."),
            "start#other-programs",
        ),
        "direct_connection": Cause(
            Status.FAIL,
            N_("A program on this computer is talking to the place where you publish, outside Tor."),
            N_('Close "{program}", then check again.'),
            "start#other-programs",
        ),
        "destination_not_found": Cause(
            Status.UNKNOWN,
            N_(
                "Tor did not find where {host} is, so it is not known whether a program talks to it directly."
            ),
            N_("Wait a minute, then check again."),
            "start#the-place-where-you-publish",
        ),
        "other_connection": Cause(
            Status.WARN,
            N_('"{program}" talks to the internet outside Tor. That shows when you are online.'),
            N_('Close "{program}" while you publish, if you can.'),
            "start#other-programs",
        ),
    },
    examples={
        "ok": Connections(()),
        "not_seen": Connections(),
        "direct_connection": Connections((CURL, MAIL)),
        "destination_not_found": Connections((MAIL,), ("publish.example.org",)),
        "other_connection": Connections((MAIL,)),
    },
    blind=Connections(),
)
