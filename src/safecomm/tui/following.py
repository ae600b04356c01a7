"""What the screen needs of a watch, and how it ends one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from typing import Protocol

from safecomm.core.profile import Profile
from safecomm.live.events import Event

CLOSE_S = 8.0  # a Tor of our own gets five seconds to end; if it does not, it dies with this process


class Watching(Protocol):
    """live.watch.Watch."""

    watching: bool

    def check_again(self) -> None:
        """Run again now."""

    def events(self) -> AsyncIterator[Event]:
        """Run by run."""

    async def close(self) -> None:
        """End it; may be called more than once."""


MakeWatch = Callable[[Profile], Watching]


def real_watch(profile: Profile) -> Watching:
    """The watch on the real world; importing it takes a moment."""
    watch: Watching = import_module("safecomm.live.watch").Watch(profile)
    return watch


async def end(watch: Watching | None) -> None:
    """Close a watch, but never wait for it for ever."""
    if watch is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watch.close(), CLOSE_S)
