"""The first screen: the answer, driven by keys alone."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from safecomm.core.finding import Finding, Problem, Remedy
from safecomm.core.profile import TorSettings
from safecomm.core.words import Status, Use
from safecomm.live.events import Concluded, Found, Started
from safecomm.report import Report
from safecomm.tui.first import FirstScreen
from tests.tui.play import BLIND, GOOD, LEAK, PROFILE, UNASKED, Screen, report, run

SIZES = [(80, 24), (120, 40)]
SCREENS = Path(__file__).parent / "screens"
PRACTICE = replace(PROFILE, tor=TorSettings(use=Use.VISIBLE, private_network=True))
HOSTILE = "[bold red]x[/] [@click=app.quit]y[/] \x1b]0;pwn\x07\x1b[2J \u202egpj.exe"


def steady(text: str) -> str:
    """Times vary from run to run."""
    return re.sub(r"\(\d+:\d\d\)", "(m:ss)", re.sub(r"\d\d:\d\d(:\d\d)?", "HH:MM", text))


def same_as_kept(name: str, text: str) -> None:
    """Compare with the kept screen; SAFECOMM_REDRAW=1 keeps this one instead."""
    kept = SCREENS / f"{name}.txt"
    if os.environ.get("SAFECOMM_REDRAW"):
        kept.write_text(steady(text), encoding="utf-8")
    assert steady(text) == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("safe", report(*GOOD)),
        ("not_safe", report(*GOOD, LEAK)),
        ("cannot_confirm", report(*GOOD, BLIND)),
        ("practice", report(*GOOD, profile=PRACTICE)),
        ("simulated", report(*GOOD, simulated=True)),
    ],
)
async def test_each_verdict_has_its_picture(size: tuple[int, int], name: str, told: Report) -> None:
    screen = Screen(told.profile)
    fresh = replace(told, checked_at=report().checked_at, valid_until=report().valid_until)
    async with screen.app.run_test(size=size) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, fresh))
        await pilot.pause()
        same_as_kept(f"{name}_{size[0]}x{size[1]}", screen.text())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("ask", ()),
        ("help", ("question_mark",)),
        ("meaning", ("s",)),
        ("question", ("down", "down", "enter")),
        ("guide", ("g",)),
    ],
)
async def test_each_page_has_its_picture(size: tuple[int, int], name: str, keys: tuple[str, ...]) -> None:
    screen = Screen(UNASKED if name == "ask" else PROFILE)
    async with screen.app.run_test(size=size) as pilot:
        await pilot.pause()
        if keys:
            screen.watch.play(*run(1, report(*GOOD, LEAK)))
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        same_as_kept(f"{name}_{size[0]}x{size[1]}", screen.text())


async def test_a_second_that_passes_before_the_screen_stands_does_no_harm() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        waiting = screen.app.push_screen(FirstScreen())
        assert not screen.app.screen.is_mounted
        screen.app._tick()
        await waiting
        await pilot.pause()
        assert screen.app.screen.is_mounted


async def test_the_old_verdict_leaves_when_a_run_begins() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD)))
        await pilot.pause()
        assert "SAFE TO PUBLISH" in screen.text()
        screen.watch.play(Started(2, "The network has changed."))
        await pilot.pause()
        assert "SAFE" not in screen.text().replace("What is SAFE", "")
        assert "The network has changed." in screen.text()
        assert screen.text().count("looking") == 4


async def test_what_an_earlier_run_says_late_is_not_shown() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(Started(2, ""), *run(1, report(*GOOD)))
        await pilot.pause()
        assert "SAFE TO PUBLISH" not in screen.text()


async def test_findings_fill_in_while_the_checks_run() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(Started(1, ""), Found(1, LEAK))
        await pilot.pause()
        assert "problems: 1" in screen.text()


async def test_a_verdict_that_has_run_out_is_not_green() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, age_s=299)))
        await pilot.pause(2.5)
        assert "NO LONGER KNOWN" in screen.text()
        assert "SAFE TO PUBLISH" not in screen.text()


async def test_a_verdict_from_the_future_is_not_green() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, age_s=-3600)))
        await pilot.pause()
        assert "SAFE TO PUBLISH" not in screen.text()


async def test_nothing_begins_before_the_question_is_answered() -> None:
    screen = Screen(UNASKED)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "May it be seen that you use Tor?" in screen.text()
        await pilot.press("r", "enter", "escape", "w", "space")
        await pilot.pause()
        assert screen.watches == []
        await pilot.press("h")
        await pilot.pause()
        assert screen.kept == [Use.HIDDEN]
        assert screen.watch.profile.tor.use is Use.HIDDEN
        assert screen.watch.profile.policy.hidden


@pytest.mark.parametrize(
    ("keys", "use"),
    [(("down",), Use.VISIBLE), (("down", "down"), Use.HIDDEN), (("up",), Use.HIDDEN)],
    ids=str,
)
async def test_the_first_question_needs_no_letters(keys: tuple[str, ...], use: Use) -> None:
    screen = Screen(UNASKED)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "> " not in screen.text()
        await pilot.press(*keys)
        await pilot.pause()
        assert f"> {use.value[0].upper()}   " in screen.text(), "marked, not by colour alone"
        await pilot.press("enter")
        await pilot.pause()
        assert screen.kept == [use]


async def test_enter_opens_a_question_and_escape_closes_it() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, LEAK)))
        await pilot.pause()
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert "leaks.direct_connections: fail" in screen.text()
        assert "program: curl" in screen.text()
        await pilot.press("escape")
        await pilot.pause()
        assert "NOT SAFE" in screen.text()


async def test_the_keys_do_what_they_say() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert screen.watch.watching, "watching is on by default"
        await pilot.press("w")
        assert not screen.watch.watching
        await pilot.pause()
        assert "NOT watching" in screen.text()
        await pilot.press("r")
        assert screen.watch.asked == 1
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.press("escape", "s")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.press("q")
    assert screen.watch.closed


async def test_the_guide_opens_at_the_step_that_helps() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, LEAK)))
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause(0.5)
        assert "Other programs" in screen.text()


def hostile(check: str) -> Finding:
    remedy = Remedy(HOSTILE, "start#unknown")
    also = (Problem(Status.WARN, "cause", HOSTILE, remedy),)
    evidence = {HOSTILE: HOSTILE, "list": [HOSTILE, {"a": HOSTILE}]}
    return Finding(check, Status.FAIL, True, "cause", HOSTILE, evidence, remedy, also)  # type: ignore[arg-type]


async def test_outside_text_is_never_obeyed() -> None:
    screen = Screen(replace(PROFILE, name=HOSTILE))
    async with screen.app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(hostile("leaks.direct_connections")), why=HOSTILE))
        await pilot.pause()
        first = screen.text()
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        for text in (first, screen.text()):
            assert "[bold red]x[/]" in text
            assert "\x1b" not in text
            assert "\x07" not in text
            assert "\u202e" not in text


async def test_an_empty_report_is_not_a_green_screen() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "SAFE TO PUBLISH" not in screen.text()
        screen.watch.play(Concluded(1, report()))
        await pilot.pause()
        assert "CANNOT CONFIRM" in screen.text()
