"""A watch tells every change, and takes a SAFE back before it looks again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from safecomm.cli.watching import watch_lines
from safecomm.core.finding import Finding, Remedy
from safecomm.core.profile import Profile
from safecomm.core.words import Status
from safecomm.live import watch
from safecomm.live.events import Concluded, Event, Started
from safecomm.report import Report, make_report

ID = "leaks.environment"


def report(status: Status) -> Report:
    finding = Finding(ID, status, True, "seen", "A \x1b[2J thing.", {}, Remedy("Do this.", "start#unknown"))
    return make_report(Profile("p"), [finding], [ID], datetime.now(UTC), 0.1)


SAFE, NOT_SAFE = Concluded(1, report(Status.PASS)), Concluded(1, report(Status.FAIL))


def watching(
    events: Sequence[Event], monkeypatch: pytest.MonkeyPatch, as_json: bool = False, stopped: bool = True
) -> int:
    """The exit code of a watch that tells these events and is then stopped."""

    class Told:
        def __init__(self, profile: Profile) -> None:
            self.closed = False

        async def events(self) -> AsyncIterator[Event]:
            for event in events:
                yield event
            if stopped:
                raise asyncio.CancelledError

        async def close(self) -> None:
            self.closed = True

    monkeypatch.setattr(watch, "Watch", Told)
    return asyncio.run(watch_lines(Profile("p"), as_json))


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line[9:] for line in capsys.readouterr().out.splitlines()]


def test_a_line_for_every_change_and_none_for_the_same_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[Event] = [Started(1, ""), NOT_SAFE, Started(2, "x"), NOT_SAFE, Started(3, "x"), SAFE]
    assert watching(events, monkeypatch) == 0
    first, second = told(capsys)
    assert "NOT SAFE" in first
    assert "A \\x1b[2J thing." in first
    assert "Do this." in first
    assert "SAFE TO PUBLISH" in second


def test_safe_is_taken_back_before_the_next_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[Event] = [Started(1, ""), SAFE, Started(2, "Tor \x1b changed."), SAFE]
    assert watching(events, monkeypatch) == 0
    safe, again, safe_again = told(capsys)
    assert "SAFE TO PUBLISH" in safe
    assert "LOOKING AGAIN" in again
    assert "Tor \\x1b changed." in again
    assert "SAFE TO PUBLISH" in safe_again


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], 4),
        ([Started(1, "")], 4),
        ([Started(1, ""), SAFE], 0),
        ([Started(1, ""), NOT_SAFE], 3),
        ([Started(1, ""), SAFE, Started(2, "")], 4),
        ([Started(1, ""), NOT_SAFE, Started(2, "")], 4),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("stopped", [True, False])
def test_the_exit_code_is_that_of_the_answer_that_still_holds(
    events: list[Event], code: int, as_json: bool, stopped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watching(events, monkeypatch, as_json, stopped) == code


def test_json_is_one_document_a_line_for_every_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watching([Started(1, ""), SAFE, Started(2, ""), SAFE, Started(3, ""), NOT_SAFE], monkeypatch, True)
    documents = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["verdict"] for line in documents] == [
        "SAFE",
        "CANNOT_CONFIRM",
        "SAFE",
        "CANNOT_CONFIRM",
        "NOT_SAFE",
    ]
    assert all(line.startswith('{"schema": "safecomm.report/1"') for line in documents)
