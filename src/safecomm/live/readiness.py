"""Give a Tor that sleeps, or one of our own that has just started, the time to connect."""

import asyncio
import re
from collections.abc import Callable

from safecomm.core.errors import NotTold, Unavailable, UseUnanswered
from safecomm.core.language import N_, tr
from safecomm.live.events import Event, Progressed
from safecomm.live.world import LiveWorld

OWN_TOR_S = 120.0
WAKE_S = 5.0
STEP_S = 0.5
PHASE = re.compile(r"PROGRESS=(\d{1,3})\b")


async def wait_until_ready(
    world: LiveWorld, number: int, timeout_s: float | None, on_event: Callable[[Event], None]
) -> None:
    """Wait for a Tor of our own to bootstrap, telling how far it is; wake one that sleeps.

    It only waits: what became of it is for the checks to see.
    """
    try:
        seen = await world.control()
        if seen.cause != "ok":
            return
        async with asyncio.timeout(WAKE_S):
            await world.wake()
        if not seen.managed:
            return
        async with asyncio.timeout(timeout_s or OWN_TOR_S):
            before = ""
            while (percent := _percent(await world.info("status/bootstrap-phase"))) != "100":
                if percent != before:
                    on_event(Progressed(number, tr(N_("Tor is connecting: {percent} %"), percent=percent)))
                before = percent
                await asyncio.sleep(STEP_S)
    except (Unavailable, NotTold, UseUnanswered, TimeoutError):
        return


def _percent(phase: str) -> str:
    found = PHASE.search(phase)
    return found.group(1) if found else "0"
