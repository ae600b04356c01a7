"""The command as a person or a program calls it: exit codes, one line for an error, no traceback."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safecomm import __version__
from safecomm.__main__ import main
from safecomm.checks import all_checks
from safecomm.core.finding import Finding, Remedy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Status, Use
from safecomm.live import once
from safecomm.report import Report, make_report

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "safecomm")
HOSTILE = "\x1b]0;pwn\x07\x1b[2J \u202e[bold]x[/]"
CLOSED = (
    'schema = 1\nname = "closed"\n[tor]\nmode = "system"\ncontrol = "127.0.0.1:1"\nsocks = "127.0.0.1:2"\n'
)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A profile whose Tor is not there: nothing can be sent."""
    profile = tmp_path / "closed.toml"
    profile.write_text(CLOSED)
    return profile


def finding(status: Status, summary: str = "A thing was seen.") -> Finding:
    remedy = Remedy("Do this.", "start#unknown")
    return Finding("leaks.environment", status, True, "elsewhere", summary, {"seen": summary}, remedy)


def report_of(status: Status, summary: str = "A thing was seen.", **tor: Any) -> Report:
    profile = Profile(summary, tor=TorSettings(use=Use.VISIBLE, **tor))
    return make_report(profile, [finding(status, summary)], ["leaks.environment"], datetime.now(UTC), 0.1)


def answer(monkeypatch: pytest.MonkeyPatch, report: Report | Exception) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []

    async def check_once(profile: Profile, **how: Any) -> Report:
        asked.append({"profile": profile, **how})
        if isinstance(report, Exception):
            raise report
        return report

    monkeypatch.setattr(once, "check_once", check_once)
    return asked


@pytest.mark.parametrize(("status", "code"), [(Status.PASS, 0), (Status.FAIL, 3), (Status.UNKNOWN, 4)])
def test_the_exit_code_is_the_verdict(
    status: Status,
    code: int,
    closed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(monkeypatch, report_of(status))
    assert main(["check", "--json", "--profile", str(closed)]) == code
    told = capsys.readouterr()
    assert json.loads(told.out)["schema"] == "safecomm.report/1"
    assert told.err == ""
    assert told.out.isascii()


def test_a_simulated_safe_never_exits_0(
    closed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, replace(report_of(Status.PASS), simulated=True))
    assert main(["check", "--profile", str(closed)]) == 4
    assert capsys.readouterr().out.startswith("SIMULATED")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check", "--only", "nothing.like_it"], "entry.control"),
        (["check", "--question", "weather"], "weather"),
        (["check", "--timeout", "0"], "--timeout"),
        (["check", "--timeout", "-1"], "--timeout"),
        (["check", "--timeout", "nan"], "--timeout"),
        (["check", "--timeout", "soon"], "--timeout"),
        (["check", "--destination", "example.org"], "--destination"),
        (["check", "--profile"], "--profile"),
        (["check", "more"], "more"),
        (["nonsense"], "nonsense"),
        (["schema", "weather"], "weather"),
    ],
)
def test_wrong_usage_exits_2_and_is_named(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert named in told.err
    assert told.out == ""


def test_a_broken_profile_exits_2_with_file_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.toml").write_text('schema = 1\nname = "x"\n[tor]\nmode = 3\n')
    assert main(["check", "--json", "--profile", str(tmp_path / "p.toml")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "p.toml" in told.err
    assert "tor.mode" in told.err


def test_a_crash_is_one_line_without_its_text_and_no_verdict(
    closed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, RuntimeError("Bridge obfs4 192.0.2.1 secret"))
    assert main(["check", "--json", "--profile", str(closed)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "secret" not in told.err
    assert "Traceback" not in told.err
    assert told.err.count("\n") == 1


def test_options_reach_the_run(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, report_of(Status.PASS))
    where = "https://publish.example.org/"
    only = ["--only", "entry.control", "--question", "leaks", "--timeout", "5", "--destination", where]
    main(["check", "--profile", str(closed), *only])
    (call,) = asked
    assert call["timeout_s"] == 5
    assert set(call["selected"]) == {"entry.control", *(c.id for c in all_checks() if c.question == "leaks")}
    assert [destination.url for destination in call["profile"].destinations] == [where]


def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], report: Report) -> list[str]:
    answer(monkeypatch, report)
    main(["check"])
    return capsys.readouterr().out.splitlines()


def test_a_person_reads_the_verdict_first_then_reasons_then_questions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = lines(monkeypatch, capsys, report_of(Status.FAIL, "A word. " * 40))
    assert "NOT SAFE" in told[0]
    assert "Do this." in "".join(told)
    assert "?" in told[-1]
    assert len([line for line in told if re.search(r" [1-7]  ", line)]) == 7
    assert max(map(len, told)) <= 80


def test_a_practice_network_is_said_before_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lines(monkeypatch, capsys, report_of(Status.PASS, private_network=True))
    assert told[0].startswith("PRACTICE NETWORK")


def test_outside_text_never_reaches_the_terminal_raw(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(lines(monkeypatch, capsys, report_of(Status.FAIL, HOSTILE)))
    assert "\\x1b]0;pwn\\x07" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "SAFECOMM_HOME")}
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, env={**kept, **env}, timeout=60
    )


def test_ascii_is_enough(closed: Path) -> None:
    done = run("check", "--profile", str(closed), PYTHONIOENCODING="ascii")
    assert done.returncode == 4
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_the_version_costs_nothing_heavy() -> None:
    script = (
        "import sys; from safecomm.__main__ import main; main(['--version']);"
        " print([m for m in ('argparse', 'textual', 'stem', 'asyncio', 'gettext') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout == f"safecomm {__version__}\n[]\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check", "--help"], ["checks", "--help"], ["schema", "--help"]]
)
def test_help_is_there(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: safecomm" in done.stdout


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m safecomm checks | head -1"], capture_output=True, text=True
    )
    assert done.stderr == ""


def test_the_table_of_checks_is_up_to_date() -> None:
    done = run("checks", "--markdown")
    kept = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert done.stdout == kept, 'run "safecomm checks --markdown > docs/checks.md"'
    listed = json.loads(run("checks", "--json").stdout)
    assert [each["check"] for each in listed["checks"]] == [check.id for check in all_checks()]


def on_a_terminal(arguments: Sequence[str], typed: bytes, home: Path) -> tuple[int, str]:
    """Run the program on a terminal of its own, type something after its prompt, and read all it shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"SAFECOMM_HOME": str(home), "TERM": "xterm", "NO_COLOR": "1"})
        os.execv(PROGRAM[0], [*PROGRAM, *arguments])
    shown = b""
    deadline = time.monotonic() + 30
    typed_at = 0.0
    while time.monotonic() < deadline:
        asked = shown.rstrip().endswith(b">")
        if asked and time.monotonic() - typed_at > 2:  # again, as a person would whose key was lost
            os.write(terminal, typed)
            typed_at = time.monotonic()
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [
        (b"v\n", "visible\n", 3),
        (b"h\n", "hidden\n", 3),
        (b"x\n", None, 4),
        (b"\x04", None, 4),
        (b"\x03", None, 130),
    ],
    ids=["visible", "hidden", "something else", "end of input", "Ctrl-C"],
)
def test_the_one_question_is_asked_first_and_its_answer_kept(
    typed: bytes, kept: str | None, code: int, closed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    ended, shown = on_a_terminal(["check", "--profile", str(closed)], typed, home)
    assert "May it be seen that you use Tor?" in shown
    assert "\x1b[3" not in shown, "NO_COLOR is kept"
    assert ended == code, shown
    file = home / "tor-use"
    assert (file.read_text() if file.exists() else None) == kept
    if kept:
        assert file.stat().st_mode & 0o777 == 0o600


def test_an_answer_that_cannot_be_kept_still_holds_for_this_run(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended, shown = on_a_terminal(["check", "--profile", str(closed)], b"v\n", tmp_path / "file" / "home")
    assert ended == 3, shown
    assert "cannot be made" in shown
    assert "NOT SAFE" in shown
