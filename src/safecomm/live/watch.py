"""Check, then keep the answer true: run again when Tor, the network or the clock says so."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from safecomm.core.language import N_, tr
from safecomm.core.profile import Profile
from safecomm.core.words import VerdictWord
from safecomm.live.changes import LOST, reason
from safecomm.live.events import Concluded, Event, Started
from safecomm.live.once import TRIES, examine, unsettled
from safecomm.live.reaching import reach_tor
from safecomm.live.readiness import wait_until_ready
from safecomm.live.world import LiveWorld
from safecomm.net.outside import Outside
from safecomm.net.threads import Threads
from safecomm.report import Report
from safecomm.tor.reach import Reached, answers_now

RETRY_S = 2.0
EXPIRED = N_("The last answer was too old.")
ASKED = N_("You asked for it.")
AWAY = ("not_running", "refused", "unreachable", "lost")
BACK = N_("Tor answers again.")


@dataclass(slots=True)
class _Call:
    """The next run's reason, if one is due."""

    due: asyncio.Event = field(default_factory=asyncio.Event)
    why: str = ""

    def make(self, why: str) -> None:
        self.why = self.why or why
        self.due.set()

    def take(self) -> str:
        why, self.why = self.why, ""
        self.due.clear()
        return why


class Watch:
    """One profile, checked at once and, while watching, again at every change that matters.

    A lost connection to Tor counts also while not watching, and so does any change while a run goes
    on: neither leaves a green behind. Other changes are made good when watching is switched on.
    """

    def __init__(self, profile: Profile, *, watching: bool = True) -> None:
        self.profile = profile
        self._watching = watching
        self._missed = ""
        self._call = _Call()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._threads = Threads()
        self._reached: Reached | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None
        self._run: asyncio.Task[Report] | None = None
        self._end: asyncio.Task[None] | None = None

    @property
    def watching(self) -> bool:
        """Whether a change begins a new run. Set it from the loop's thread."""
        return self._watching

    @watching.setter
    def watching(self, on: bool) -> None:
        self._watching = on
        if on and self._missed:
            self._call.make(self._missed)

    def check_again(self) -> None:
        """Ask for a new run now; one that goes on is cancelled. Call it from the loop's thread."""
        self._call.make(tr(ASKED))
        if self._run is not None:
            self._run.cancel()

    async def events(self) -> AsyncIterator[Event]:
        """Run by run, until closed."""
        self._loop = asyncio.get_running_loop()
        self._work = asyncio.create_task(self._keep())
        try:
            while True:
                getting = asyncio.create_task(self._events.get())
                await asyncio.wait({getting, self._work}, return_when=asyncio.FIRST_COMPLETED)
                if not getting.done():
                    getting.cancel()
                    if not self._work.cancelled():
                        self._work.result()
                    return
                yield getting.result()
        finally:
            await self.close()

    async def close(self) -> None:
        """End the watch and the Tor that is ours; may be called more than once."""
        if self._end is None:
            self._end = asyncio.create_task(self._close())
        await asyncio.shield(self._end)

    async def _close(self) -> None:
        if self._work is not None:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work
        reached, self._reached = self._reached, None
        if reached is not None:
            await asyncio.to_thread(reached.close)
        self._threads.close()

    def _changed(self, word: str) -> None:
        """From any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self._note, word)

    def _note(self, word: str) -> None:
        why = reason(word)
        if why and (word == LOST or self._run is not None):
            self._call.make(tr(why))
        elif why:
            self._change(tr(why))

    def _change(self, why: str) -> None:
        if self.watching:
            self._call.make(why)
        else:
            self._missed = why

    async def _keep(self) -> None:
        outside = Outside(self._changed)
        number, restless, why, last = 0, 0, "", VerdictWord.CANNOT_CONFIRM
        began = -RETRY_S
        try:
            while True:
                number += 1
                self._events.put_nowait(Started(number, why))
                if why != tr(ASKED) and (restless or last is not VerdictWord.SAFE):
                    await asyncio.sleep(max(0.0, min(RETRY_S, began + RETRY_S - time.monotonic())))
                began, self._missed = time.monotonic(), ""
                self._call.take()  # what was noted before the run begins, the run will see
                report = await self._one(number)
                if report is not None and self._call.due.is_set():
                    restless += 1
                    report = unsettled(report) if restless >= TRIES else None
                if report is not None:
                    restless, last = 0, report.verdict.word
                    self._events.put_nowait(Concluded(number, report))
                    await self._until_due(report)
                why = self._call.take()
        finally:
            outside.close()

    async def _one(self, number: int) -> Report | None:
        """A run's report, None if it was cancelled for another one."""
        self._run = asyncio.create_task(self._examine(number))
        try:
            return await self._run
        except asyncio.CancelledError:
            if self._call.due.is_set() and self._run.cancelled() and self._end is None:
                return None
            raise
        finally:
            self._run.cancel()
            self._run = None

    async def _examine(self, number: int) -> Report:
        reached = self._reached
        if reached is None or reached.control is None or not reached.control.alive:
            self._reached = None
            if reached is not None:
                await asyncio.to_thread(reached.close)
            reached = self._reached = await reach_tor(self.profile, self._threads, self._changed)
        world = LiveWorld(self.profile, reached, self._threads)
        await wait_until_ready(world, number, None, self._events.put_nowait)
        return await examine(world, number, self._events.put_nowait)

    async def _until_due(self, report: Report) -> None:
        """Wait for a call; when the verdict's time runs out, or Tor is back, make one."""
        left = self.profile.policy.max_age_s - report.duration_s
        ends = time.monotonic() + max(1.0, left)
        while not self._call.due.is_set():
            wait = min(RETRY_S if self._is_without_tor() else left, ends - time.monotonic())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._call.due.wait(), max(0.0, wait))
                return
            if time.monotonic() >= ends:
                self._change(tr(EXPIRED))
                await self._call.due.wait()
            elif self.watching and self._is_without_tor() and await self._tor_is_back():
                self._call.make(tr(BACK))

    def _is_without_tor(self) -> bool:
        return self._reached is not None and self._reached.seen.cause in AWAY

    async def _tor_is_back(self) -> bool:
        settings = self.profile.tor
        if settings.use is None:
            return False
        return await self._threads.call(lambda: answers_now(settings))
