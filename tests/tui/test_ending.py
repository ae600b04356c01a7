"""However a watch or the program ends: no green is left behind, and nobody is kept waiting."""

import asyncio

import pytest

from safecomm.core.errors import SafeCommError
from safecomm.core.profile import Profile
from safecomm.tui import following
from tests.tui.play import GOOD, LEAK, UNASKED, PlayedWatch, Screen, report, run


@pytest.mark.parametrize("how", [None, RuntimeError("[bold]secret"), SafeCommError("The disk is full.")])
async def test_a_watch_that_ends_leaves_no_green(how: Exception | None) -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(7, report(*GOOD)))
        await pilot.pause()
        assert "SAFE TO PUBLISH" in screen.text()
        screen.watch.end(how)
        await pilot.pause()
        text = screen.text()
        assert "CANNOT CONFIRM" in text
        assert "SAFE TO PUBLISH" not in text
        assert "good" not in text
        assert "secret" not in text
        assert screen.watch.closed
        if isinstance(how, SafeCommError):
            assert "The disk is full." in text


async def test_r_begins_a_new_watch_after_the_old_one_has_ended() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(7, report(*GOOD)))
        screen.watch.end()
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        assert len(screen.watches) == 2
        screen.watches[1].play(*run(1, report(*GOOD, LEAK)))
        await pilot.pause()
        assert "NOT SAFE" in screen.text()


async def test_a_watch_that_cannot_even_begin_is_told() -> None:
    def fails(_: Profile) -> PlayedWatch:
        raise OSError

    screen = Screen()
    screen.app._make_watch = fails
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
        assert "CANNOT CONFIRM" in screen.text()


WAYS_OUT: list[tuple[tuple[str, ...], str]] = [((), key) for key in ("q", "Q", "ctrl+c", "ctrl+q")]
WAYS_OUT += [(("enter",), "q"), (("g",), "q"), (("s",), "ctrl+c"), (("question_mark",), "q")]


@pytest.mark.parametrize(("before", "key"), WAYS_OUT, ids=str)
async def test_every_way_out_closes_the_watch_from_every_screen(before: tuple[str, ...], key: str) -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD)))
        await pilot.press(*before)
        await pilot.press(key)
        await pilot.pause()
        assert screen.watch.closed
    assert screen.app.return_code == 0


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_leaving_without_an_answer_begins_nothing(key: str) -> None:
    screen = Screen(UNASKED)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
    assert screen.watches == []
    assert screen.kept == []


class NeverCloses(PlayedWatch):
    async def close(self) -> None:
        await asyncio.sleep(3600)


@pytest.mark.parametrize("keys", [("q",), ("q", "q")], ids=["waits a little", "asked twice"])
async def test_a_watch_that_never_closes_keeps_nobody(
    keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CLOSE_S", 0.3)
    screen = Screen()
    screen.app._make_watch = NeverCloses

    async def leave() -> None:
        async with screen.app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press(*keys)

    await asyncio.wait_for(leave(), 10)
