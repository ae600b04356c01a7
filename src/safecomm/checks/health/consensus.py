"""Tor's list of relays is from now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import World

# Tor itself goes on with a list for a day after its end, and calls it "reasonably live".
REASONABLY_LIVE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Consensus:
    """The times of the list of relays (UTC; None: Tor has none) and this computer's clock."""

    now: datetime
    valid_after: datetime | None = None
    fresh_until: datetime | None = None
    valid_until: datetime | None = None


async def look(world: World) -> Consensus:
    """Ask Tor for the three times."""
    after, fresh, until = await asyncio.gather(
        world.info("consensus/valid-after"),
        world.info("consensus/fresh-until"),
        world.info("consensus/valid-until"),
    )
    return Consensus(world.now(), consensus_time(after), consensus_time(fresh), consensus_time(until))


def consensus_time(text: str) -> datetime | None:
    """ "2026-11-23 18:00:00" (UTC; control-spec, section 3.9); None if it is empty or anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def judge(seen: Consensus, policy: Policy) -> Sequence[Judgement]:
    """Now must lie between its beginning and its end, give or take the policy's tolerance."""
    tolerance = timedelta(seconds=policy.clock_tolerance_s)
    if seen.valid_after is None or seen.valid_until is None or seen.valid_until <= seen.valid_after:
        return because("none")
    if seen.valid_after - seen.now > tolerance:
        return because("from_future")
    if seen.now - seen.valid_until > REASONABLY_LIVE:
        return because("too_old")
    if seen.now - seen.valid_until > tolerance:
        return because("expired")
    return because("ok")


NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
LIVE = Consensus(
    NOW, NOW - timedelta(minutes=30), NOW + timedelta(minutes=30), NOW + timedelta(hours=2, minutes=30)
)

CHECK = Check(
    id="health.consensus",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.control",),
    required=always,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Tor's list of relays, which pass your traffic on, is current.")),
        "none": Cause(
            Status.UNKNOWN,
            N_("Tor has no list of relays yet, the computers that pass your traffic on."),
            N_("Wait until Tor is connected, then check again."),
            "start#tor-does-not-connect",
        ),
        "expired": Cause(
            Status.UNKNOWN,
            N_("Tor's list of relays has run out, and no new one has come. Your clock may also be wrong."),
            N_("Look at your clock, wait some minutes, then check again."),
            "start#tor-does-not-connect",
        ),
        "too_old": Cause(
            Status.FAIL,
            N_("Tor's list of relays is more than a day too old, or your clock is wrong."),
            N_("Do not publish. Set your clock, start Tor again, then check again."),
            "start#set-your-clock",
        ),
        "from_future": Cause(
            Status.FAIL,
            N_("Tor's list of relays is from the future, so this computer's clock is behind."),
            N_("Do not publish. Set your clock, start Tor again, then check again."),
            "start#set-your-clock",
        ),
    },
    examples={
        "ok": LIVE,
        "none": Consensus(NOW),
        "expired": replace(LIVE, now=NOW + timedelta(hours=12)),
        "too_old": replace(LIVE, now=NOW + timedelta(days=3)),
        "from_future": replace(LIVE, now=NOW - timedelta(hours=6)),
    },
    blind=Consensus(NOW),
)
