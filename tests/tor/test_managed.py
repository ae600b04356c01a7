"""A Tor of our own: it starts, is ours alone, and never outlives us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from safecomm.core.errors import SafeCommError
from safecomm.core.profile import TorSettings
from safecomm.core.words import Use
from safecomm.tor.failure import TorFailure
from safecomm.tor.managed import start
from safecomm.tor.reach import reach

GONE_S = 20.0


@pytest.fixture
def settings(tmp_path: Path) -> TorSettings:
    options = tmp_path / "extra.torrc"
    options.write_text("DisableNetwork 1\n")
    return TorSettings(mode="managed", use=Use.VISIBLE, options_file=options)


def test_it_starts_answers_and_ends(settings: TorSettings, tmp_path: Path) -> None:
    reached = reach(settings, lambda: tmp_path, lambda _: None)
    assert reached.seen.cause == "ok"
    assert reached.seen.managed
    assert reached.control is not None
    assert reached.own is not None
    assert reached.control.info("net/listeners/control").startswith('"127.0.0.1:')
    assert (tmp_path / "tor").stat().st_mode & 0o777 == 0o700
    pid = reached.own.pid
    reached.close()
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize(
    "name", ["a #b", 'say "hi"', "back\\slash", "dom\u00e9\u0161\u010de", "x\nSocksPort 0.0.0.0:9"]
)
def test_a_folder_of_any_name_is_kept_to(settings: TorSettings, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    reached = reach(settings, lambda: tmp_path / name, lambda _: None)
    assert reached.seen.cause == "ok"
    assert (tmp_path / name / "tor" / "control_auth_cookie").exists()
    assert reached.control is not None
    assert "0.0.0.0" not in reached.control.info("net/listeners/socks")
    reached.close()


def test_a_second_program_uses_the_first_ones_tor_and_leaves_it(
    settings: TorSettings, tmp_path: Path
) -> None:
    first = reach(settings, lambda: tmp_path, lambda _: None)
    second = reach(settings, lambda: tmp_path, lambda _: None)
    assert first.own is not None
    assert second.seen.cause == "ok"
    assert second.own is None
    second.close()
    assert psutil.pid_exists(first.own.pid)
    first.close()


def test_it_does_not_survive_a_killed_parent(settings: TorSettings, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from safecomm.core.profile import TorSettings\n"
        "from safecomm.core.words import Use\n"
        "from safecomm.tor.reach import reach\n"
        "settings = TorSettings('managed', use=Use.VISIBLE, options_file=Path(sys.argv[1]))\n"
        "reached = reach(settings, lambda: Path(sys.argv[2]), lambda _: None)\n"
        "print(reached.own.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(settings.options_file), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + GONE_S
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)


def test_hidden_use_never_starts_a_visible_tor(tmp_path: Path) -> None:
    with pytest.raises(TorFailure) as caught:
        start(TorSettings(mode="managed", use=Use.HIDDEN), tmp_path / "tor")
    assert caught.value.cause == "no_bridges"
    assert not (tmp_path / "tor").exists()


def test_an_unanswered_question_starts_nothing(tmp_path: Path) -> None:
    with pytest.raises(TorFailure) as caught:
        start(TorSettings(mode="managed", use=None), tmp_path / "tor")
    assert caught.value.cause == "no_bridges"


def test_without_a_tor_program_it_says_so(
    settings: TorSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reach(settings, lambda: tmp_path, lambda _: None).seen.cause == "tor_missing"


def test_a_folder_that_cannot_be_made_starts_nothing(settings: TorSettings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    def nowhere() -> Path:
        raise SafeCommError("full", "")

    assert reach(settings, nowhere, lambda _: None).seen.cause == "no_folder"
    assert reach(settings, lambda: tmp_path / "file", lambda _: None).seen.cause == "start_failed"
