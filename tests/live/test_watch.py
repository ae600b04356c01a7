"""The watch on a real tor that has no network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from stem.control import Controller

from safecomm.core.policy import Policy
from safecomm.core.words import Use
from safecomm.live.events import Concluded, Event, Found, Started
from safecomm.live.watch import Watch
from tests.live.test_once import port_of, profile_of
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


async def why_it_begins(events: AsyncIterator[Event]) -> str:
    started = await next_of(events, Started)
    assert isinstance(started, Started)
    return started.why


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


@asynccontextmanager
async def restless(
    folder: Path, runs: int, *, watching: bool = False
) -> AsyncIterator[tuple[Watch, AsyncIterator[Event], Controller]]:
    """A watch on a tor whose settings change in the middle of so many of the first runs."""
    with offline_tor(folder) as tor, Controller.from_port(port=port_of(tor)) as other:
        other.authenticate()
        watch = Watch(profile_of(tor), watching=watching)

        async def changing() -> AsyncIterator[Event]:
            async for event in watch.events():
                if isinstance(event, Found) and event.finding.check == "entry.control" and event.run <= runs:
                    other.set_conf("MaxCircuitDirtiness", str(600 + event.run))
                yield event

        async with followed(watch):
            yield watch, changing(), other


@pytest.mark.parametrize("watching", [True, False])
async def test_a_run_in_which_tor_changes_does_not_count(tmp_path: Path, watching: bool) -> None:
    async with restless(tmp_path / "tor", 1, watching=watching) as (_, events, _):
        concluded = await next_of(events, Concluded)
    assert concluded.run == 2


async def test_a_tor_that_never_holds_still_is_told_as_such(tmp_path: Path) -> None:
    async with restless(tmp_path / "tor", 3) as (_, events, _):
        concluded = await next_of(events, Concluded)
    assert isinstance(concluded, Concluded)
    assert concluded.run == 3
    assert "unsettled" in {finding.cause for finding in concluded.report.findings}


async def test_what_changed_while_not_watching_is_looked_at_when_watching(tmp_path: Path) -> None:
    async with restless(tmp_path / "tor", 0) as (watch, events, other):
        await next_of(events, Concluded)
        other.set_conf("MaxCircuitDirtiness", "700")
        await asyncio.to_thread(other.get_info, "version")
        await asyncio.sleep(0.2)
        watch.watching = True
        assert "settings" in await why_it_begins(events)


async def test_an_answer_that_ran_out_while_not_watching_is_renewed_when_watching(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        watch = Watch(replace(profile_of(tor), policy=Policy(max_age_s=1)), watching=False)
        async with followed(watch) as events:
            await next_of(events, Concluded)
            await asyncio.sleep(1.5)
            watch.watching = True
            assert "too old" in await why_it_begins(events)


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
