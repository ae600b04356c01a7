"""Options of "safecomm check" reach the run, or are refused; what it prints can be relied on."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from safecomm.__main__ import main
from safecomm.cli.check import _Progress
from safecomm.core.errors import SafeCommError
from safecomm.core.profile import Profile
from safecomm.core.words import Status
from safecomm.live import watch
from safecomm.live.events import Concluded, Event, Found, Progressed, Started
from safecomm.schemas import schema
from tests.cli.reports import HOSTILE, answer, finding, report

PIN = "A" * 43 + "="
PROFILE = f"""schema = 1
name = "closed"
[tor]
mode = "system"
control = "127.0.0.1:1"
socks = "127.0.0.1:2"
use = "hidden"
[[destinations]]
url = "https://publish.example.org/"
spki_sha256 = ["{PIN}"]
"""


@pytest.fixture
def closed(tmp_path: Path) -> str:
    """A profile whose Tor is not there: nothing can be sent."""
    file = tmp_path / "closed.toml"
    file.write_text(PROFILE)
    return str(file)


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_profile_counts_before_and_after_the_command(
    place: str, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, report(finding(Status.PASS)))
    given = ["--profile", closed]
    main([*given, "check"] if place == "before" else ["check", *given])
    assert asked[0]["profile"].name == "closed"
    assert asked[0]["profile"].policy.hidden


def test_a_destination_cannot_take_the_pins_off_one_of_the_profile(
    closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, report(finding(Status.PASS)))
    same, other = "https://publish.example.org/", "https://other.example.org/"
    main(["check", "--profile", closed, *("--destination", same), *("--destination", other) * 2])
    where = asked[0]["profile"].destinations
    assert [each.url for each in where] == [same, other]
    assert where[0].spki_sha256 == (PIN,)


def test_without_only_and_question_everything_is_looked_at(
    closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, report(finding(Status.PASS)))
    main(["check", "--profile", closed])
    assert asked[0]["selected"] is None


def test_a_question_without_checks_is_not_everything(closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, report(finding(Status.UNKNOWN)))
    main(["check", "--profile", closed, "--question", "machine"])
    assert asked[0]["selected"] == []


def test_looking_at_one_thing_only_is_never_safe(closed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--profile", closed, "--json", "--only", "leaks.environment"]) == 4
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "CANNOT_CONFIRM"


@pytest.mark.parametrize("option", [["--only", "entry.control"], ["--question", "leaks"], ["--timeout", "5"]])
def test_what_watching_cannot_do_is_refused(
    option: list[str], closed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--watch", "--profile", closed, *option]) == 2
    told = capsys.readouterr()
    assert "--watch" in told.err
    assert told.out == ""


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "3601", "1e999", "abc", "", "1 2"])
def test_a_timeout_is_a_number_of_seconds(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", f"--timeout={seconds}"])
    assert ended.value.code == 2
    assert "expected a number of seconds above 0, at most 3600" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://a/",
        "https://",
        "https://a b/",
        "https://u:secret@a/",
        "https://a/#x",
        HOSTILE,
    ],
)
def test_a_destination_is_a_web_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", f"--destination={url}"])
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert "expected an http or https address" in told.err
    assert not {"\x1b", "\x07", "\u202e"} & set(told.err)


def test_hostile_text_is_escaped_in_json_and_survives_it(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, report(finding(Status.FAIL, HOSTILE), name=HOSTILE))
    assert main(["check", "--json", "--profile", closed]) == 3
    out = capsys.readouterr().out
    assert out.isascii()
    assert set(out) - {"\n"} <= set(map(chr, range(32, 127)))
    document = json.loads(out)
    assert document["findings"][0]["summary"] == HOSTILE
    assert document["profile"]["name"] == HOSTILE


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_printed_as_json(
    number: float, closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, report(finding(Status.PASS, evidence={"seen": number})))
    assert main(["check", "--json", "--profile", closed]) == 1
    assert capsys.readouterr().out == ""


def test_a_known_error_is_told_with_what_to_do(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, SafeCommError("It broke.", "Mend it."))
    assert main(["check", "--profile", closed]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "safecomm: It broke. Mend it.\n")


def test_ctrl_c_is_no_verdict(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, asyncio.CancelledError())
    assert main(["check", "--profile", closed]) == 130
    assert capsys.readouterr().out == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progress_on(stream: io.StringIO) -> str:
    with contextlib.redirect_stderr(stream):
        progress = _Progress()
        progress.hear(Progressed(1, HOSTILE * 30))
        progress.hear(Found(1, finding(Status.PASS)))
        progress.clear()
    return stream.getvalue()


def test_progress_is_one_line_on_a_terminal_and_taken_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    shown = progress_on(Terminal())
    assert shown.endswith("\r\x1b[K")
    pieces = shown.split("\r\x1b[K")
    assert all(piece.isprintable() and len(piece) < 80 for piece in pieces)


def test_progress_is_silent_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert progress_on(io.StringIO()) == ""
    monkeypatch.setenv("TERM", "dumb")
    assert progress_on(Terminal()) == ""


def watching(monkeypatch: pytest.MonkeyPatch, *told: Event) -> list[str]:
    """Watch tells these; the list says when it was closed."""
    done: list[str] = []

    class Told:
        def __init__(self, _: Profile) -> None:
            pass

        async def events(self) -> AsyncIterator[Event]:
            for event in told:
                yield event

        async def close(self) -> None:
            done.append("closed")

    monkeypatch.setattr(watch, "Watch", Told)
    return done


SAFE, BAD = report(finding(Status.PASS)), report(finding(Status.FAIL, "It leaks."))


def test_watching_prints_a_line_for_every_change(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs: list[Event] = [
        Started(1, ""),
        Concluded(1, BAD),
        Started(2, "again"),
        Concluded(2, BAD),
        Concluded(3, SAFE),
    ]
    done = watching(monkeypatch, *runs)
    assert main(["check", "--watch", "--profile", closed]) == 0
    bad, safe = capsys.readouterr().out.splitlines()
    assert "NOT SAFE" in bad
    assert "It leaks." in bad
    assert "SAFE TO PUBLISH" in safe
    assert SAFE.valid_until.astimezone().strftime("until %H:%M:%S") in safe
    assert done == ["closed"]


def test_a_run_that_begins_takes_safe_back(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watching(monkeypatch, Concluded(1, SAFE), Started(2, HOSTILE))
    assert main(["check", "--watch", "--profile", closed]) == 4
    lines = capsys.readouterr().out.splitlines()
    assert "no longer holds" in lines[-1]
    assert not {"\x1b", "\x07", "\u202e"} & set("".join(lines))


def test_watching_in_json_is_one_document_a_line(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = replace(SAFE, valid_until=datetime.now(UTC) + timedelta(minutes=5))
    watching(monkeypatch, Started(1, ""), Concluded(1, fresh), Started(2, "x"), Concluded(2, BAD))
    assert main(["check", "--watch", "--json", "--profile", closed]) == 3
    told = capsys.readouterr()
    documents = [json.loads(line) for line in told.out.splitlines()]
    words = [document["verdict"] for document in documents]
    assert words == ["SAFE", "CANNOT_CONFIRM", "NOT_SAFE"], "a SAFE is taken back when a run begins"
    assert {finding["cause"] for finding in documents[1]["findings"]} == {"not_examined"}
    assert all(Draft202012Validator(schema("report")).is_valid(document) for document in documents)
    assert told.err == ""
