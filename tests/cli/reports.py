"""Made-up answers for the command line's tests: what check_once gives, without any Tor."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from safecomm.core.finding import Finding, Problem, Remedy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Status, Use
from safecomm.live import once
from safecomm.report import Report, make_report

HOSTILE = "\x1b]0;pwn\x07\x1b[2J\x9b31m\r\n\u202e[bold]x[/]\ud800"
ID = "leaks.environment"
WHEN = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def finding(status: Status, summary: str = "A thing was seen.", check: str = ID, **more: Any) -> Finding:
    made = Finding(
        check, status, True, "elsewhere", summary, {"seen": summary}, Remedy("Do this.", "start#unknown")
    )
    return replace(made, **more)


def problem(status: Status, summary: str) -> Problem:
    return Problem(status, "other", summary, Remedy(f"Mend: {summary}", "start#unknown"))


def report(*findings: Finding, required: tuple[str, ...] = (ID,), name: str = "p", **tor: Any) -> Report:
    profile = Profile(name, tor=TorSettings(use=Use.VISIBLE, **tor))
    return make_report(profile, findings, required, WHEN, 0.1)


def answer(monkeypatch: pytest.MonkeyPatch, given: Report | BaseException) -> list[dict[str, Any]]:
    """From now on every check ends like this; the calls are kept."""
    asked: list[dict[str, Any]] = []

    async def check_once(profile: Profile, **how: Any) -> Report:
        asked.append({"profile": profile, **how})
        if isinstance(given, BaseException):
            raise given
        return given

    monkeypatch.setattr(once, "check_once", check_once)
    return asked
