"""This computer's clock is right."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from urllib.parse import urlsplit

from safecomm.checks.health.consensus import consensus_time
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_, tr
from safecomm.core.policy import Policy
from safecomm.core.profile import Destination, Profile, Service
from safecomm.core.words import Footprint, Status
from safecomm.core.world import Ask, Step, World

SOURCES = 3
ENOUGH = 2
ASK_S = 15.0
RESOLUTION_S = 1.0
# The server proved its name (TLS) and answered, whatever it thinks of the page.
HEARD = (None, Step.STATUS, Step.REDIRECT)
UNITS = (
    (90, 1, N_("{count} seconds")),
    (90 * 60, 60, N_("{count} minutes")),
    (36 * 3600, 3600, N_("{count} hours")),
    (float("inf"), 86400, N_("{count} days")),
)


@dataclass(frozen=True, slots=True)
class Date:
    """One server's clock through Tor.

    offset_s: its Date minus our clock (positive: ours is behind), None if it told none that counts;
    give_or_take_s: how far off that can be, because we do not know when it wrote it.
    """

    host: str
    offset_s: float | None = None
    give_or_take_s: float = 0.0
    step: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """This computer's clock, the times between which Tor's list of relays holds, and servers' dates."""

    now: datetime
    valid_after: datetime | None = None
    valid_until: datetime | None = None
    dates: tuple[Date, ...] = ()


async def look(world: World) -> Clocks:
    """Read the consensus' times and ask up to three servers side by side, each over its own circuit."""
    after = consensus_time(await world.info("consensus/valid-after"))
    until = consensus_time(await world.info("consensus/valid-until"))
    dates = await asyncio.gather(*(_date(world, source) for source in _different_hosts(world.profile)))
    return Clocks(world.now(), after, until, tuple(dates))


def _different_hosts(profile: Profile) -> tuple[Service | Destination, ...]:
    """Servers that prove their name, one for each host: the check services, then the destinations."""
    sources: tuple[Service | Destination, ...] = (*profile.tor_check, *profile.ip_echo, *profile.destinations)
    by_host: dict[str, Service | Destination] = {}
    for source in sources:
        url = urlsplit(source.url)
        if url.scheme == "https" and url.hostname:
            by_host.setdefault(url.hostname, source)
    return tuple(by_host.values())[:SOURCES]


async def _date(world: World, source: Service | Destination) -> Date:
    host = urlsplit(source.url).hostname or ""
    pins = source.spki_sha256 if isinstance(source, Destination) else ()
    asked = world.now()
    answer = await world.fetch(Ask(source.url, secrets.token_hex(16), source.ca_file, pins, timeout_s=ASK_S))
    step = answer.broken.value if answer.broken else ""
    if answer.broken not in HEARD or answer.date is None or not answer.stream.proven:
        return Date(host, step=step, reason=answer.reason or "no_date")
    half = abs((answer.received or world.now()) - asked) / 2
    offset = (answer.date - (asked + half)).total_seconds()
    return Date(host, offset, half.total_seconds() + RESOLUTION_S, step, answer.reason)


def judge(seen: Clocks, policy: Policy) -> Sequence[Judgement]:
    """Two sources that agree decide; a single one, or any that contradicts, leaves it open."""
    tolerance = policy.clock_tolerance_s
    told = [(date.offset_s, date.give_or_take_s) for date in seen.dates if date.offset_s is not None]
    hosts = len({date.host for date in seen.dates if date.offset_s is not None})
    window = _window(seen)
    if any(abs(a - b) > tolerance + x + y for (a, x), (b, y) in combinations(told, 2)):
        return because("disagree")
    if window and any(not window[0] - tolerance <= offset <= window[1] + tolerance for offset, _ in told):
        return because("disagree")
    sources = hosts + (window is not None and not window[0] - tolerance <= 0 <= window[1] + tolerance)
    if told and sources >= ENOUGH and all(abs(offset) > tolerance + give for offset, give in told):
        least = min((offset for offset, _ in told), key=abs)
        return because("slow" if least > 0 else "fast", amount=_in_words(abs(least)))
    if hosts < ENOUGH or window is None:
        return because("too_few", count=hosts)
    certain = all(abs(offset) + give <= tolerance for offset, give in told)
    return because("ok" if certain else "disagree")


def _window(seen: Clocks) -> tuple[float, float] | None:
    """When the consensus begins and ends, in seconds from our now."""
    if seen.valid_after is None or seen.valid_until is None:
        return None
    return (seen.valid_after - seen.now).total_seconds(), (seen.valid_until - seen.now).total_seconds()


def _in_words(seconds: float) -> str:
    """A length of time in its natural unit, never fewer than two of it."""
    size, text = next((size, text) for limit, size, text in UNITS if seconds < limit)
    return tr(text, count=max(2, round(seconds / size)))


NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
HOUR = 3600.0


def _seen(*offsets: float, behind: timedelta = timedelta()) -> Clocks:
    """Servers' dates, and a computer that far behind the middle of a three-hour consensus."""
    names = ("check.example.org", "echo.example.net", "drop.example.com")
    dates = tuple(Date(name, offset, 1.5) for name, offset in zip(names, offsets, strict=False))
    middle = NOW + behind
    return Clocks(NOW, middle - timedelta(minutes=90), middle + timedelta(minutes=90), dates)


CHECK = Check(
    id="health.clock",
    sentence=__doc__,
    footprint=Footprint.TOR,
    needs=("entry.control", "entry.socks_is_tor"),
    required=always,
    deadline_s=ASK_S + 5,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("This computer's clock is right.")),
        "slow": Cause(
            Status.FAIL,
            N_("This computer's clock is {amount} behind, so it can be deceived with old data."),
            N_("Set the clock, start Tor again, then check again."),
            "start#set-your-clock",
        ),
        "fast": Cause(
            Status.FAIL,
            N_("This computer's clock is {amount} ahead, so it can be deceived with false data."),
            N_("Set the clock, start Tor again, then check again."),
            "start#set-your-clock",
        ),
        "disagree": Cause(
            Status.UNKNOWN,
            N_("The clocks that could be asked do not agree well enough to tell whether yours is right."),
            N_("Compare your clock with a watch you trust, then check again."),
            "start#set-your-clock",
        ),
        "too_few": Cause(
            Status.UNKNOWN,
            N_("Too few servers told the time through Tor ({count}), so your clock could not be compared."),
            N_("Wait two minutes, then check again."),
            "start#the-check-services",
        ),
    },
    examples={
        "ok": _seen(0.4, -0.6, 12.0),
        "slow": _seen(3 * HOUR, 3 * HOUR + 2, behind=timedelta(hours=3)),
        "fast": _seen(-2 * HOUR, behind=timedelta(hours=-2)),
        "disagree": _seen(0.0, 3 * HOUR),
        "too_few": _seen(0.0),
    },
    blind=Clocks(NOW),
)
