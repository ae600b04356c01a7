"""What stays in sight, whatever screen is open and whatever terminal it is."""

import re
from dataclasses import replace

import pytest

from safecomm.checks import all_checks
from safecomm.core.finding import Finding, Remedy
from safecomm.core.profile import TorSettings
from safecomm.core.words import Status, Use
from safecomm.live.events import Concluded, Started
from safecomm.tui import guide, paint
from safecomm.tui.app import SafeCommApp
from safecomm.tui.ask import AskScreen
from safecomm.tui.first import FirstScreen
from tests.tui.play import GOOD, LEAK, PROFILE, UNASKED, Screen, report, run

OPEN = [("enter",), ("question_mark",), ("s",), ("g",)]
HOSTILE = "\x1b]0;pwn\x07 \x1b[2J \u202e [@click=app.quit]x[/]"


@pytest.mark.parametrize("keys", [(), *OPEN], ids=str)
async def test_the_screen_turns_on_every_page_when_the_answer_does(keys: tuple[str, ...]) -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD)))
        await pilot.press(*keys)
        await pilot.pause()
        assert "SAFE TO PUBLISH" in screen.text()
        screen.watch.play(*run(2, report(*GOOD, LEAK)))
        await pilot.pause()
        assert "✖ NOT SAFE" in screen.text()
        assert "SAFE TO PUBLISH" not in screen.text()


@pytest.mark.parametrize("keys", [(), *OPEN], ids=str)
async def test_every_page_says_that_it_is_practice_and_that_it_is_a_replay(keys: tuple[str, ...]) -> None:
    practice = replace(PROFILE, tor=TorSettings(use=Use.VISIBLE, private_network=True))
    screen = Screen(practice)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(Started(1, ""), Concluded(1, report(*GOOD, profile=practice, simulated=True)))
        await pilot.press(*keys)
        await pilot.pause()
        assert "PRACTICE NETWORK" in screen.text()
        assert "SIMULATED" in screen.text()


async def test_the_first_question_says_that_it_is_practice() -> None:
    screen = Screen(replace(UNASKED, tor=TorSettings(private_network=True)))
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "PRACTICE NETWORK" in screen.text()


async def test_no_tick_stays_when_the_answer_has_run_out() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, age_s=299)))
        await pilot.pause(2.5)
        assert "✔" not in screen.text()
        assert "good" not in screen.text()
        await pilot.press("enter")
        await pilot.pause()
        assert "✔" not in screen.text()
        assert "NO LONGER KNOWN" in screen.text()


async def test_capital_letters_are_the_same_keys() -> None:
    screen = Screen(UNASKED)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("V")
        await pilot.pause()
        assert screen.kept == [Use.VISIBLE]
        await pilot.press("R", "W")
        assert screen.watch.asked == 1
        assert not screen.watch.watching
        for key in ("S", "G"):
            await pilot.press(key)
            await pilot.pause()
            assert not isinstance(screen.app.screen, FirstScreen)
            await pilot.press("escape")


async def test_a_page_is_not_opened_over_itself() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("question_mark", "question_mark", "question_mark", "escape")
        await pilot.pause()
        assert isinstance(screen.app.screen, FirstScreen)


async def test_a_guide_is_text_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "guide_text", lambda _: f"# A {HOSTILE}\n\nB {HOSTILE}\n")
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause(0.3)
        text = screen.text()
        assert "\\x1b" in text
        assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_a_text_keeps_its_lines_and_what_its_script_needs() -> None:
    persian = "می\u200cخواهم"
    assert paint.document(f"a\n\n\t{persian}\r\n") == f"a\n\n    {persian}"


async def test_the_longest_thing_a_check_can_say_leaves_all_questions_on_the_screen() -> None:
    causes = [cause for check in all_checks() for cause in check.causes.values()]
    summary = max((cause.summary for cause in causes), key=len)
    remedy = max((cause.remedy for cause in causes), key=len)
    long = Finding("health.config", Status.FAIL, True, "cause", summary, {}, Remedy(remedy, "start"))
    told = replace(PROFILE, name="n" * 99, tor=TorSettings(use=Use.HIDDEN, private_network=True))
    screen = Screen(told)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, long, profile=told)))
        await pilot.press("w")
        await pilot.pause()
        assert "Is this key really theirs?" in screen.text()
        assert remedy.split()[-1] in screen.text()


async def test_without_colour_the_words_and_signs_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(*run(1, report(*GOOD, LEAK)))
        await pilot.press("down")
        await pilot.pause()
        assert "✖ NOT SAFE" in screen.text()
        assert "> ✔ 2" in screen.text()
        colours = re.findall(r"fill: #(..)(..)(..)", screen.app.export_screenshot())
        assert all(red == green == blue for red, green, blue in colours[1:])


async def test_a_terminal_of_ascii_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint, "shows_symbols", lambda _: False)
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen.watch.play(Started(1, ""))
        await pilot.pause()
        assert screen.text().isascii()
        screen.watch.play(*run(1, report(*GOOD, LEAK)))
        await pilot.pause()
        assert screen.text().isascii()
        assert "X NOT SAFE" in screen.text()
        await pilot.press("question_mark")
        await pilot.pause()
        assert screen.text().isascii()


async def test_help_names_every_key() -> None:
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = [b.key_display for b in (*SafeCommApp.BINDINGS, *FirstScreen.BINDINGS) if b.show]  # type: ignore[union-attr]
        assert len(shown) >= 6
        await pilot.press("question_mark")
        await pilot.pause()
        text = screen.text()
        for key in shown:
            assert re.search(rf"^ +{re.escape(str(key))}[ ,]", text, re.MULTILINE), key


async def test_the_first_question_names_its_keys() -> None:
    screen = Screen(UNASKED)
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for binding in AskScreen.BINDINGS:
            assert re.search(rf"^ +{binding.key_display} ", screen.text(), re.MULTILINE)  # type: ignore[union-attr]


def test_a_guide_is_cut_at_its_headings_but_not_inside_of_code() -> None:
    text = "before\n\n# One\na\n```\n# a comment\n```\n### Part\nb\n## Two\nc\n"
    assert guide.steps(text) == ("before", "# One\na\n```\n# a comment\n```\n### Part\nb", "## Two\nc")


async def test_the_pages_of_a_guide_are_turned_by_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "guide_text", lambda _: "# One\n\nfirst\n\n# Two\n\nsecond\n")
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert "first" in screen.text()
        for key, words in (("right", "second"), ("right", "second"), ("left", "first"), ("n", "second")):
            await pilot.press(key)
            await pilot.pause()
            assert words in screen.text()
            assert "page" in screen.text()


async def test_a_guide_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "guide_text", lambda _: None)
    screen = Screen()
    async with screen.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert "This guide is not in this copy" in screen.text()
