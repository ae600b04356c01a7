"""One run on a real tor that has no network: nothing is invented, and nothing stays behind."""

import dataclasses
import signal
from pathlib import Path

import psutil
import pytest
from stem.control import Controller

from safecomm.core.address import split
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Use, VerdictWord
from safecomm.live import once
from safecomm.live.events import Event, Found, Started
from safecomm.live.once import check_once
from tests.tor.offline import OfflineTor, free_port, offline_tor


def port_of(tor: OfflineTor) -> int:
    return split(tor.control)[1]


def profile_of(tor: OfflineTor, use: Use | None = Use.VISIBLE) -> Profile:
    settings = TorSettings("system", tor.control, f"127.0.0.1:{free_port()}", use)
    return Profile("test", tor=settings)


async def test_a_tor_without_a_network_is_never_safe(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        report = await check_once(profile_of(tor))
    causes = {finding.check: finding.cause for finding in report.findings}
    assert report.verdict.word is VerdictWord.CANNOT_CONFIRM
    assert causes["entry.control"] == "ok"
    assert causes["entry.bootstrapped"] == "network_disabled"


async def test_an_unanswered_question_asks_tor_nothing(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        report = await check_once(profile_of(tor, use=None))
    (control,) = [finding for finding in report.findings if finding.check == "entry.control"]
    assert control.cause == "use_unanswered"


async def test_a_tor_that_goes_away_during_the_run_is_lost(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:

        def kill(event: Event) -> None:
            if isinstance(event, Found) and event.finding.check == "entry.control":
                tor.process.kill()
                tor.process.wait()

        report = await check_once(profile_of(tor), on_event=kill)
    (control,) = [finding for finding in report.findings if finding.check == "entry.control"]
    assert (report.verdict.word, control.cause) == (VerdictWord.NOT_SAFE, "lost")


@pytest.mark.parametrize(("restless_runs", "runs", "cause"), [(1, 2, "ok"), (99, 3, "unsettled")])
async def test_a_run_in_which_tor_changes_does_not_count(
    tmp_path: Path, restless_runs: int, runs: int, cause: str
) -> None:
    heard: list[Event] = []
    with offline_tor(tmp_path / "tor") as tor, Controller.from_port(port=port_of(tor)) as other:
        other.authenticate()

        def change(event: Event) -> None:
            heard.append(event)
            first = isinstance(event, Found) and event.finding.check == "entry.control"
            if first and event.run <= restless_runs:
                other.set_conf("MaxCircuitDirtiness", str(600 + len(heard)))

        report = await check_once(profile_of(tor), on_event=change)
    (control,) = [finding for finding in report.findings if finding.check == "entry.control"]
    assert (control.cause, report.verdict.word) == (cause, VerdictWord.CANNOT_CONFIRM)
    assert [event.run for event in heard if isinstance(event, Started)] == list(range(1, runs + 1))


async def test_only_one_check_is_never_enough(tmp_path: Path) -> None:
    with offline_tor(tmp_path / "tor") as tor:
        report = await check_once(profile_of(tor), selected=["leaks.environment"])
    assert report.verdict.word is VerdictWord.CANNOT_CONFIRM
    looked_at = {finding.check for finding in report.findings if finding.cause != "not_examined"}
    assert looked_at == {"leaks.environment"}


async def test_a_managed_tor_is_ended_even_if_the_run_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFECOMM_HOME", str(tmp_path))
    options = tmp_path / "extra.torrc"
    options.write_text("DisableNetwork 1\n")
    settings = TorSettings("managed", use=Use.VISIBLE, options_file=options)
    profile = dataclasses.replace(Profile("test"), tor=settings)

    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(once, "wait_until_ready", breaks)
    with pytest.raises(RuntimeError):
        await check_once(profile)
    assert not [child for child in psutil.Process().children(recursive=True) if "tor" in child.name()]


async def test_a_tor_that_falls_silent_holds_nobody(tmp_path: Path) -> None:
    """Stopped after it let us in: each check ends at its deadline, and so does the run."""
    with offline_tor(tmp_path / "tor") as tor:

        def stop(event: Event) -> None:
            if isinstance(event, Found) and event.finding.check == "entry.control":
                tor.process.send_signal(signal.SIGSTOP)

        report = await check_once(profile_of(tor), on_event=stop, timeout_s=2)
    assert report.verdict.word is VerdictWord.CANNOT_CONFIRM
    assert {"timed_out"} & {finding.cause for finding in report.findings}
