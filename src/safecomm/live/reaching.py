"""Reach Tor from the event loop, and never lose a Tor of our own on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from safecomm.core.profile import Profile
from safecomm.core.world import ControlSeen
from safecomm.home import home
from safecomm.net.threads import Threads
from safecomm.tor.control import Changed
from safecomm.tor.reach import Reached, reach


async def reach_tor(profile: Profile, threads: Threads, on_change: Changed) -> Reached:
    """Reach Tor, unless nobody has answered yet whether Tor may be seen. The caller closes it."""
    if profile.tor.use is None:
        return Reached(ControlSeen("use_unanswered"))
    work = asyncio.ensure_future(threads.call(lambda: reach(profile.tor, home, on_change)))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.to_thread((await work).close)
        raise


@asynccontextmanager
async def reached_tor(profile: Profile, threads: Threads, on_change: Changed) -> AsyncIterator[Reached]:
    """A reached Tor for the length of a block."""
    reached = await reach_tor(profile, threads, on_change)
    try:
        yield reached
    finally:
        await asyncio.to_thread(reached.close)
