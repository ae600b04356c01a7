"""Killed, stopped and starved in the middle: no verdict is invented, and nothing stays behind."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.system.safecomm import PROGRAM, tors

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]


def test_tor_killed_in_the_middle_of_a_check_is_never_safe(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    lab.web.set("ip1", "silent")
    argv = [*PROGRAM, "check", "--json", "--profile", str(profile)]
    process = lab.client.popen(argv, stdout=subprocess.PIPE)
    try:
        time.sleep(1.5)
        lab.tor.kill()
        out, _ = process.popen.communicate(timeout=60)
    finally:
        lab.tor.restart()
    report = json.loads(out)
    assert report["verdict"] in ("NOT_SAFE", "CANNOT_CONFIRM")
    assert process.popen.returncode in (3, 4)


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.6, 2.0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_prints_no_verdict_and_leaves_no_tor(
    lab: Lab, tmp_path: Path, delay: float, number: signal.Signals
) -> None:
    lab.web.set("ip1", "silent")
    profile = lab.write_profile(tmp_path / "profile.toml", managed=True)
    argv = [*PROGRAM, "check", "--json", "--profile", str(profile)]
    pipe = subprocess.PIPE
    process = lab.client.popen(argv, stdout=pipe, stderr=pipe)
    time.sleep(delay)
    process.send(number)
    out, error = process.popen.communicate(timeout=30)
    assert process.popen.returncode != 0
    assert "Traceback" not in error or _is_pythons_own_start(error), error
    assert "SAFE" not in out
    assert tors(lab) == []


def _is_pythons_own_start(error: str) -> bool:
    """Whether the signal came before Python had found the program, so that nothing of ours could hear it."""
    starting = ("init_import_site", "Could not import runpy module", "_get_module_details")
    return any(word in error for word in starting) and "/safecomm/" not in error


def test_a_killed_check_leaves_no_tor(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", managed=True)
    process = lab.client.popen([*PROGRAM, "check", "--json", "--profile", str(profile)])
    deadline = time.monotonic() + 20
    while not tors(lab) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    assert tors(lab)
    process.kill()
    deadline = time.monotonic() + 30
    while tors(lab) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert tors(lab) == []
