"""Blocking work beside the event loop, each piece on a leash with a deadline."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from safecomm.net.leash import Leash

T = TypeVar("T")
STREAMS, CALLS = 32, 8


class Threads:
    """Two pools: many streams that wait must never keep a question to the control port waiting."""

    def __init__(self) -> None:
        self._streams = ThreadPoolExecutor(STREAMS, thread_name_prefix="safecomm-stream")
        self._calls = ThreadPoolExecutor(CALLS, thread_name_prefix="safecomm-call")
        self._leashes: set[Leash] = set()

    async def run(self, work: Callable[[Leash], T], timeout_s: float) -> T:
        """Run work; at its deadline, or when cancelled, its sockets are shut and it ends by itself."""
        leash = Leash()
        loop = asyncio.get_running_loop()
        self._leashes.add(leash)
        alarm = loop.call_later(timeout_s, leash.cut)
        future = loop.run_in_executor(self._streams, work, leash)
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
        return await asyncio.get_running_loop().run_in_executor(self._calls, work)

    def _done(self, leash: Leash) -> None:
        leash.let_go()
        self._leashes.discard(leash)

    def close(self) -> None:
        """Cut every leash; nothing new is begun."""
        for leash in tuple(self._leashes):
            leash.cut()
        for pool in (self._streams, self._calls):
            pool.shutdown(wait=False, cancel_futures=True)
