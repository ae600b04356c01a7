"""Blocking work beside the event loop, each piece on a leash with a deadline."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from safecomm.net.leash import Leash

T = TypeVar("T")
WORKERS = 32


class Threads:
    """A pool of its own: the loop's default one is too small for checks side by side."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="safecomm")
        self._leashes: set[Leash] = set()

    async def run(self, work: Callable[[Leash], T], timeout_s: float) -> T:
        """Run work; at its deadline, or when cancelled, its sockets are shut and it ends by itself."""
        leash = Leash()
        loop = asyncio.get_running_loop()
        self._leashes.add(leash)
        alarm = loop.call_later(timeout_s, leash.cut)
        future = loop.run_in_executor(self._pool, work, leash)
        future.add_done_callback(lambda _: self._done(leash))
        try:
            return await future
        except asyncio.CancelledError:
            leash.cut()
            raise
        finally:
            alarm.cancel()

    async def call(self, work: Callable[[], T]) -> T:
        """Run work that waits for no socket of its own (the control port, the system's tables)."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _done(self, leash: Leash) -> None:
        leash.let_go()
        self._leashes.discard(leash)

    def close(self) -> None:
        """Cut every leash; nothing new is begun."""
        for leash in tuple(self._leashes):
            leash.cut()
        self._pool.shutdown(wait=False, cancel_futures=True)
