"""A person reads the verdict first, then why, then the questions; nothing from outside is obeyed."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safecomm.cli.marks import Marks
from safecomm.cli.text import report_lines
from safecomm.core.words import QUESTION_TEXT, Status
from safecomm.report import Report
from tests.cli.reports import HOSTILE, ID, finding, problem, report

PLAIN = Marks(unicode=True, colour=False, width=80)
ASCII = Marks(unicode=False, colour=False, width=80)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def told(of: Report, marks: Marks = PLAIN) -> list[str]:
    return list(report_lines(of, marks))


@pytest.mark.parametrize(
    ("status", "first"),
    [
        (Status.PASS, "✔ SAFE TO PUBLISH"),
        (Status.WARN, "✔ SAFE TO PUBLISH"),
        (Status.FAIL, "✖ NOT SAFE"),
        (Status.UNKNOWN, "? CANNOT CONFIRM"),
        (Status.SKIPPED, "? CANNOT CONFIRM"),
    ],
)
def test_the_verdict_is_the_first_line(status: Status, first: str) -> None:
    assert told(report(finding(status)))[0].startswith(first)


def test_reasons_stand_between_the_verdict_and_the_questions() -> None:
    lines = told(report(finding(Status.FAIL, "It leaks.")))
    reason = next(i for i, line in enumerate(lines) if "It leaks." in line)
    remedy = next(i for i, line in enumerate(lines) if "Do this." in line)
    questions = [i for i, line in enumerate(lines) if any(text in line for text in QUESTION_TEXT.values())]
    assert 0 < reason < remedy < min(questions)
    assert questions == list(range(len(lines) - 7, len(lines)))


def test_every_reason_is_told_also_one_that_no_check_gave() -> None:
    text = "\n".join(told(report(finding(Status.UNKNOWN, "Not seen."), required=(ID, "entry.absent"))))
    assert "Not seen." in text
    assert "entry.absent" in text


def test_only_a_safe_answer_says_how_long_it_holds() -> None:
    assert "Holds until" in told(report(finding(Status.PASS)))[1]
    for status in (Status.FAIL, Status.UNKNOWN):
        assert "Holds until" not in "\n".join(told(report(finding(status))))


def test_advice_does_not_hide_and_does_not_frighten() -> None:
    lines = told(report(finding(Status.WARN, "Better not.")))
    assert "SAFE TO PUBLISH" in lines[0]
    assert "! Better not." in lines


def test_all_problems_of_a_check_are_told_but_not_its_good_news() -> None:
    also = (problem(Status.UNKNOWN, "second"), problem(Status.PASS, "third"))
    text = "\n".join(told(report(finding(Status.FAIL, "first", also=also))))
    assert "✖ first" in text
    assert "? second" in text
    assert "third" not in text


@pytest.mark.parametrize("marks", [PLAIN, ASCII, Marks(unicode=True, colour=True, width=80)])
@pytest.mark.parametrize("text", ["A word. " * 60, "x" * 900, HOSTILE * 20])
def test_nothing_is_wider_than_80_columns(marks: Marks, text: str) -> None:
    also = (problem(Status.UNKNOWN, text),)
    lines = told(report(finding(Status.FAIL, text, also=also), required=(ID, "entry.absent")), marks)
    assert max(len(ESCAPE.sub("", line)) for line in lines) <= 80


def test_ascii_is_enough_for_all_that_is_ours() -> None:
    for status in Status:
        assert "\n".join(told(report(finding(status)), ASCII)).isascii()


def test_colour_is_never_alone() -> None:
    of = report(finding(Status.FAIL, also=(problem(Status.UNKNOWN, "other"),)))
    coloured = told(of, Marks(unicode=True, colour=True, width=80))
    assert any("\x1b[" in line for line in coloured)
    assert [ESCAPE.sub("", line) for line in coloured] == told(of)


@given(st.text(), st.text())
def test_no_text_from_outside_is_obeyed(summary: str, other: str) -> None:
    of = report(finding(Status.FAIL, summary, also=(problem(Status.WARN, other),)), name=other)
    for line in told(of):
        assert not [c for c in line if not c.isprintable() and c not in "\u200c\u200d"], line


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [
        ({}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
    ],
)
def test_colour_is_for_terminals_that_want_it(environment: dict[str, str], colour: bool) -> None:
    assert Marks.of(Terminal(io.BytesIO(), "utf-8"), environment).colour is colour
    assert not Marks.of(io.TextIOWrapper(io.BytesIO(), "utf-8"), environment).colour


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("ascii", False), ("latin-1", False), ("cp1252", False)]
)
def test_symbols_are_for_encodings_that_have_them(encoding: str, unicode: bool) -> None:
    marks = Marks.of(io.TextIOWrapper(io.BytesIO(), encoding), {})
    assert marks.unicode is unicode
    assert unicode or (marks.symbol(Status.FAIL) + marks.arrow).isascii()
