"""This Tor is a version that its makers recommend."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from safecomm.core.check import Cause, Check, Judgement, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import World

# Tor's answers to GETINFO status/version/current (control-spec, section 3.9); "old" is the
# specification's word for what Tor calls "obsolete".
STANDING = {
    "recommended": "ok",
    "obsolete": "obsolete",
    "old": "obsolete",
    "unrecommended": "unrecommended",
    "new": "new",
    "new in series": "new_in_series",
    "none recommended": "none_recommended",
}


@dataclass(frozen=True, slots=True)
class Version:
    """Tor's own version, and how it stands in the list that the directory authorities agreed on."""

    version: str = ""
    standing: str = ""


async def look(world: World) -> Version:
    """Ask Tor for both."""
    version, standing = await asyncio.gather(world.info("version"), world.info("status/version/current"))
    return Version(version, standing)


def judge(seen: Version, policy: Policy) -> Sequence[Judgement]:
    """Only a recommended or a newer version is good; any other word is no answer."""
    return because(STANDING.get(seen.standing, "unknown"), version=seen.version.partition(" ")[0] or "?")


CHECK = Check(
    id="health.version",
    sentence=__doc__,
    footprint=Footprint.NONE,
    needs=("entry.control",),
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("Tor's version, {version}, is recommended by its makers.")),
        "obsolete": Cause(
            Status.FAIL,
            N_("This Tor ({version}) is out of date. Its faults are known, also to those who look for you."),
            N_("Do not publish with it. Update Tor, then check again."),
            "start#update-tor",
        ),
        "unrecommended": Cause(
            Status.FAIL,
            N_("The Tor network advises against this Tor ({version}). It may have known faults."),
            N_("Do not publish with it. Update Tor, then check again."),
            "start#update-tor",
        ),
        "new": Cause(
            Status.WARN,
            N_("This Tor ({version}) is newer than all that are recommended yet, perhaps a test version."),
            N_("Go on if you know why. Otherwise take the version that your system or Tor Browser offers."),
            "start#update-tor",
        ),
        "new_in_series": Cause(
            Status.WARN,
            N_("This Tor ({version}) is a little newer than those its makers recommend yet."),
            N_("Go on if you know why. Otherwise take the version that your system or Tor Browser offers."),
            "start#update-tor",
        ),
        "none_recommended": Cause(
            Status.UNKNOWN,
            N_("This Tor network recommends no version, so nobody says whether yours ({version}) is good."),
            N_("Ask the person who runs this Tor network, or compare it with the newest Tor."),
            "start#update-tor",
        ),
        "unknown": Cause(
            Status.UNKNOWN,
            N_("Tor does not know yet whether its version ({version}) is still good."),
            N_("Wait until Tor is connected, then check again."),
            "start#tor-does-not-connect",
        ),
    },
    examples={
        "ok": Version("0.4.9.11", "recommended"),
        "obsolete": Version("0.4.5.16", "obsolete"),
        "unrecommended": Version("0.4.8.10", "unrecommended"),
        "new": Version("0.5.0.1-alpha", "new"),
        "new_in_series": Version("0.4.9.12", "new in series"),
        "none_recommended": Version("0.4.9.11", "none recommended"),
        "unknown": Version("0.4.9.11", "unknown"),
    },
    blind=Version(),
)
