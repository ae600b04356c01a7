"""The watch on a real tor that has no network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from safecomm.core.words import Use
from safecomm.live.events import Concluded, Event, Started
from safecomm.live.watch import Watch
from tests.live.test_once import profile_of
from tests.tor.offline import offline_tor

SOON_S = 20.0


@asynccontextmanager
async def followed(watch: Watch) -> AsyncIterator[AsyncIterator[Event]]:
    events = watch.events()
    try:
        yield events
    finally:
        await watch.close()


async def next_of(events: AsyncIterator[Event], kind: type[Event]) -> Event:
    async with asyncio.timeout(SOON_S):
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError("the watch ended")


async def test_each_run_is_begun_and_concluded_under_its_number(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        watch = Watch(profile_of(tor))
        async with followed(watch) as events:
            assert (await next_of(events, Started)).run == 1
            assert (await next_of(events, Concluded)).run == 1
            watch.check_again()
            assert (await next_of(events, Started)).run == 2
            assert (await next_of(events, Concluded)).run == 2


async def test_a_lost_tor_begins_a_run_even_when_not_watching(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        watch = Watch(profile_of(tor), watching=False)
        async with followed(watch) as events:
            await next_of(events, Concluded)
            tor.process.kill()
            await next_of(events, Started)
            concluded = await next_of(events, Concluded)
            assert isinstance(concluded, Concluded)
            causes = {finding.check: finding.cause for finding in concluded.report.findings}
            assert causes["entry.control"] == "not_running"


async def test_an_unanswered_question_is_not_asked_again_and_again(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        watch = Watch(profile_of(tor, use=None))
        async with followed(watch) as events:
            await next_of(events, Concluded)
            try:
                async with asyncio.timeout(3):
                    await anext(events)
                raise AssertionError("another run began")
            except TimeoutError:
                pass


async def test_closing_in_the_middle_of_a_run_ends_it(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        watch = Watch(profile_of(tor, Use.VISIBLE))
        events = watch.events()
        await next_of(events, Started)
        watch.check_again()
        async with asyncio.timeout(SOON_S):
            await asyncio.gather(watch.close(), watch.close())
