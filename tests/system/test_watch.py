"""The answer stays true while it is watched: it leaves SAFE by itself when the world changes."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from tests.lab import Lab
from tests.system.safecomm import PROGRAM

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
SOON_S = 90.0  # longer than the slowest check may take


@contextmanager
def watched(lab: Lab, profile: Path) -> Iterator[Callable[[], dict[str, Any]]]:
    """A running "check --watch --json"; the function gives the next report."""
    argv = [*PROGRAM, "check", "--watch", "--json", "--profile", str(profile)]
    process = lab.client.popen(argv, stdout=subprocess.PIPE)
    lines: Queue[str] = Queue()
    out = process.popen.stdout
    assert out is not None

    def read() -> None:
        for line in out:
            lines.put(line)

    reader = Thread(target=read, daemon=True)
    reader.start()

    def report() -> dict[str, Any]:
        try:
            told: dict[str, Any] = json.loads(lines.get(timeout=SOON_S))
        except Empty:
            raise AssertionError("nothing was told") from None
        return told

    try:
        yield report
    finally:
        process.send(signal.SIGINT)
        process.popen.wait(20)
        reader.join(5)
        out.close()


def until(report: Callable[[], dict[str, Any]], verdict: str) -> dict[str, Any]:
    for _ in range(10):
        told = report()
        if told["verdict"] == verdict:
            return told
    raise AssertionError(f"never {verdict}")


def safe(told: dict[str, Any]) -> bool:
    """Whether the answer is SAFE; what stands in its way is in the failure."""
    findings = {finding["check"]: finding for finding in told["findings"]}
    assert told["verdict"] == "SAFE", [findings[check] for check in told["reasons"]]
    return True


def test_it_turns_when_tor_dies_and_comes_back_only_after_a_full_run(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    with watched(lab, profile) as report:
        assert safe(report())
        lab.tor.kill()
        try:
            assert report()["verdict"] != "SAFE"
        finally:
            lab.tor.restart()
        assert len(until(report, "SAFE")["findings"]) > 8


def test_it_turns_when_tors_settings_become_dangerous(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    with watched(lab, profile) as report:
        assert safe(report())
        lab.tor.ask("SETCONF SocksPort=0.0.0.0:9050")
        assert "health.config" in until(report, "NOT_SAFE")["reasons"]
    lab.tor.restart()


def test_it_checks_again_when_its_time_runs_out(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml", policy={"max_age_s": 10})
    with watched(lab, profile) as report:
        first, second = report(), report()
        assert safe(first)
        assert safe(second)
        assert second["checked_at"] > first["checked_at"]


def test_it_checks_again_when_the_network_changes(lab: Lab, tmp_path: Path) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    with watched(lab, profile) as report:
        assert safe(report())
        lab.client.run(["ip", "address", "add", "91.64.12.99/24", "dev", "eth0"])
        try:
            assert report()["verdict"] == "CANNOT_CONFIRM", "the last answer is taken back at once"
            assert until(report, "SAFE")
        finally:
            lab.client.run(["ip", "address", "del", "91.64.12.99/24", "dev", "eth0"])
