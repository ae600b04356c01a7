"""The command as a person or a program calls it: exit codes, one line for an error, no traceback."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from safecomm import __version__
from safecomm.__main__ import main
from safecomm.checks import all_checks
from safecomm.cli import commands
from safecomm.core.words import Status
from tests.cli.reports import HOSTILE, answer, finding, report

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "safecomm")
HEAVY = ("argparse", "textual", "stem", "cryptography", "jsonschema", "asyncio", "gettext", "typing")
CLOSED = (
    'schema = 1\nname = "closed"\n[tor]\nmode = "system"\ncontrol = "127.0.0.1:1"\nsocks = "127.0.0.1:2"\n'
)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A profile whose Tor is not there: nothing can be sent."""
    profile = tmp_path / "closed.toml"
    profile.write_text(CLOSED)
    return profile


@pytest.mark.parametrize(("status", "code"), [(Status.PASS, 0), (Status.FAIL, 3), (Status.UNKNOWN, 4)])
def test_the_exit_code_is_the_verdict(
    status: Status,
    code: int,
    closed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(monkeypatch, report(finding(status)))
    assert main(["check", "--json", "--profile", str(closed)]) == code
    told = capsys.readouterr()
    assert json.loads(told.out)["schema"] == "safecomm.report/1"
    assert told.err == ""
    assert told.out.isascii()


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
    asked = answer(monkeypatch, report(finding(Status.PASS)))
    where = "https://publish.example.org/"
    only = ["--only", "entry.control", "--question", "leaks", "--timeout", "5", "--destination", where]
    main(["check", "--profile", str(closed), *only])
    (call,) = asked
    assert call["timeout_s"] == 5
    assert set(call["selected"]) == {"entry.control", *(c.id for c in all_checks() if c.question == "leaks")}
    assert [destination.url for destination in call["profile"].destinations] == [where]


@pytest.mark.parametrize("note", ["SIMULATED", "PRACTICE NETWORK"])
def test_what_is_not_real_is_said_before_the_verdict(
    note: str, closed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simulated = note == "SIMULATED"
    given = report(finding(Status.PASS), private_network=not simulated)
    answer(monkeypatch, replace(given, simulated=simulated))
    assert main(["check", "--profile", str(closed)]) == (4 if simulated else 0)
    assert capsys.readouterr().out.startswith(note)


def test_outside_text_never_reaches_the_terminal_raw(
    closed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, report(finding(Status.FAIL, HOSTILE), name=HOSTILE))
    main(["check", "--profile", str(closed)])
    text = capsys.readouterr().out
    assert "\\x1b]0;pwn\\x07" in text
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(text)


def kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "SAFECOMM_HOME")}


def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, env={**kept(), **env}, timeout=60
    )


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}])
def test_ascii_is_enough(env: dict[str, str], closed: Path) -> None:
    done = run("check", "--profile", str(closed), **env)
    assert done.returncode == 4
    assert done.stdout.startswith("? CANNOT CONFIRM")
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_bad_profile_is_one_even_if_nobody_can_be_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        argv = [*PROGRAM, "check", "--profile", str(tmp_path / "absent")]
        done = subprocess.run(argv, stdout=full, stderr=full, env=kept(), timeout=60, check=False)
    assert done.returncode == 2


def test_a_password_in_an_address_is_not_repeated() -> None:
    done = run("check", "--destination", "https://editor:hunter2@drop.example/")
    assert done.returncode == 2
    assert "hunter2" not in done.stdout + done.stderr


def test_symbols_are_there_where_they_can_be_shown(closed: Path) -> None:
    done = run("check", "--profile", str(closed), LC_ALL="C.UTF-8")
    assert "→" in done.stdout
    assert "\x1b" not in done.stdout, "not a terminal"


def test_the_version_costs_nothing_heavy() -> None:
    script = (
        "import sys; from safecomm.__main__ import main; main(['--version']);"
        f" print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout == f"safecomm {__version__}\n[]\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], *([name, "--help"] for name in commands())], ids=" ".join
)
def test_help_is_there(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: safecomm" in done.stdout


WRITERS = (
    ["--version"],
    ["--help"],
    ["schema", "profile"],
    ["checks", "--json"],
    ["check", "--json"],
)


@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_reader_that_goes_away_is_no_traceback(arguments: list[str], buffered: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = into(writer, arguments, PYTHONUNBUFFERED=buffered)
    assert done.stderr == ""
    assert done.returncode in ({0, 1} if arguments == ["--help"] else {1}), "argparse hides it where it can"


@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_full_disk_is_at_most_one_line(arguments: list[str]) -> None:
    done = into(os.open("/dev/full", os.O_WRONLY), arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stderr.count("\n") <= 1


def into(writer: int, arguments: Sequence[str], **env: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            [*PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True, env={**kept(), **env}
        )
    finally:
        os.close(writer)


def test_the_first_line_of_a_long_table_is_enough() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m safecomm checks | head -1"], capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout.startswith("entry.control")


@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_closed_stream_changes_no_verdict(closing: str, closed: Path) -> None:
    command = f"{sys.executable} -m safecomm check --json --profile {closed} {closing}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=kept())
    assert done.returncode == 4
    assert done.stderr == ""
    assert ">&-" in closing.split() or json.loads(done.stdout)["verdict"] == "CANNOT_CONFIRM"


def test_an_error_never_goes_to_standard_output(tmp_path: Path) -> None:
    command = f"{sys.executable} -m safecomm check --profile {tmp_path / 'absent'} 2>&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=kept())
    assert (done.returncode, done.stdout) == (2, "")


def test_without_a_terminal_the_screen_says_what_to_use() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "safecomm check" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("options", [[], ["--json"], ["--watch"]], ids=["once", "json", "watch"])
def test_a_stopped_check_gives_no_verdict_and_no_traceback(
    number: signal.Signals, options: list[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        control = f"127.0.0.1:{silent.getsockname()[1]}"
        (tmp_path / "p.toml").write_text(CLOSED.replace("127.0.0.1:1", control) + 'use = "visible"\n')
        program = subprocess.Popen(
            [*PROGRAM, "check", *options, "--profile", str(tmp_path / "p.toml")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=kept(),
        )
        try:
            connection, _ = silent.accept()
            with connection:
                program.send_signal(number)
                out, err = program.communicate(timeout=15)
        finally:
            program.kill()
    assert program.returncode == (4 if options == ["--watch"] else 130)
    assert (out, err) == ("", "")


def on_a_terminal(arguments: Sequence[str], typed: bytes, home: Path, **env: str) -> tuple[int, str]:
    """Run the program on a terminal of its own, type something after its prompt, and read all it shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.pop("NO_COLOR", None)
        os.environ.update({"SAFECOMM_HOME": str(home), "TERM": "xterm", **env})
        os.execv(PROGRAM[0], [*PROGRAM, *arguments])
    shown = b""
    deadline = time.monotonic() + 30
    sent = False
    while time.monotonic() < deadline:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if not sent and shown.rstrip().endswith(b">"):
            os.write(terminal, typed)
            sent = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode(errors="replace")


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [
        (b"v\n", "visible\n", 3),
        (b"h\n", "hidden\n", 3),
        (b" V \n", "visible\n", 3),
        (b"x\n", None, 4),
        (b"\n", None, 4),
        (b"visible\n", None, 4),
        (b"\xff\xfe\n", None, 4),
        (b"\x04", None, 4),
        (b"\x03", None, 130),
    ],
    ids=["visible", "hidden", "spaces", "other", "nothing", "a word", "no UTF-8", "end of input", "Ctrl-C"],
)
def test_the_one_question_is_asked_first_and_its_answer_kept(
    typed: bytes, kept: str | None, code: int, closed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    ended, shown = on_a_terminal(["check", "--profile", str(closed)], typed, home, NO_COLOR="1")
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


def test_it_is_asked_only_once(closed: Path, tmp_path: Path) -> None:
    on_a_terminal(["check", "--profile", str(closed)], b"v\n", tmp_path / "home")
    ended, shown = on_a_terminal(["check", "--profile", str(closed)], b"", tmp_path / "home")
    assert ended == 3
    assert "May it be seen" not in shown


def test_json_never_asks(closed: Path, tmp_path: Path) -> None:
    ended, shown = on_a_terminal(["check", "--json", "--profile", str(closed)], b"v\n", tmp_path / "home")
    assert ended == 4
    assert "May it be seen" not in shown
    assert "use_unanswered" in shown


def test_a_terminal_gets_colours_unless_it_is_dumb(closed: Path, tmp_path: Path) -> None:
    asked = ["check", "--profile", str(closed)]
    assert "\x1b[31;1m" in on_a_terminal(asked, b"v\n", tmp_path / "home")[1]
    assert "\x1b" not in on_a_terminal(asked, b"", tmp_path / "home", TERM="dumb")[1]
