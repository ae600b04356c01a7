"""A watch that plays events by hand, and reports to play."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from safecomm.core.finding import Finding, Remedy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Status, Use
from safecomm.live.events import Concluded, Event, Found, Started
from safecomm.report import Report, make_report
from safecomm.tui.app import SafeCommApp

PROFILE = Profile("Example NGO", tor=TorSettings(use=Use.VISIBLE))
UNASKED = Profile("Example NGO")
SOCKS = {"socks": "127.0.0.1:9050"}


class PlayedWatch:
    """Tells what it is given with play(); remembers what was asked of it."""

    def __init__(self, profile: Profile = PROFILE) -> None:
        self.profile = profile
        self.watching = False
        self.asked = 0
        self.closed = False
        self._queue: asyncio.Queue[Event | Exception | None] = asyncio.Queue()

    def play(self, *events: Event) -> None:
        for event in events:
            self._queue.put_nowait(event)

    def check_again(self) -> None:
        self.asked += 1

    def end(self, how: Exception | None = None) -> None:
        """No more is told, for this reason or for none."""
        self._queue.put_nowait(how)

    async def events(self) -> AsyncIterator[Event]:
        while True:
            told = await self._queue.get()
            if isinstance(told, Exception):
                raise told
            if told is None:
                return
            yield told

    async def close(self) -> None:
        self.closed = True


class Screen:
    """An app with a played watch behind it."""

    def __init__(self, profile: Profile = PROFILE) -> None:
        self.watches: list[PlayedWatch] = []
        self.kept: list[Use] = []
        self.app = SafeCommApp(profile, self._make, self.kept.append)

    def _make(self, profile: Profile) -> PlayedWatch:
        self.watches.append(PlayedWatch(profile))
        return self.watches[-1]

    @property
    def watch(self) -> PlayedWatch:
        (only,) = self.watches
        return only

    def text(self) -> str:
        """What stands on the screen, line by line, without trailing blanks."""
        lines = [[part.text for part in line] for line in self.app.screen._compositor.render_strips()]
        return "\n".join("".join(line).rstrip() for line in lines) + "\n"


def finding(check: str, status: Status, summary: str, remedy: str = "", **evidence: str) -> Finding:
    mend = Remedy(remedy, "start#other-programs") if remedy else None
    return Finding(check, status, True, "cause", summary, dict(evidence), mend)


GOOD = (
    finding("entry.control", Status.PASS, "Tor runs.", endpoint="127.0.0.1:9051"),
    finding("entry.socks_is_tor", Status.PASS, "Our own test traffic went through this Tor.", **SOCKS),
    finding("health.consensus", Status.PASS, "Current."),
    finding("leaks.environment", Status.PASS, "Nothing."),
    finding("tampering.destination", Status.PASS, "It is who it says."),
)
LEAK = finding(
    "leaks.direct_connections",
    Status.FAIL,
    "A program on this computer is talking to the internet outside Tor.",
    'Close "curl", then check again.',
    program="curl",
)
BLIND = finding(
    "health.clock", Status.UNKNOWN, "Not enough servers told the time.", "Wait two minutes, then check again."
)


def report(*findings: Finding, profile: Profile = PROFILE, age_s: int = 0, simulated: bool = False) -> Report:
    began = datetime.now(UTC) - timedelta(seconds=age_s)
    required = [each.check for each in findings]
    return make_report(profile, findings, required, began, 0.4, simulated)


def run(number: int, told: Report, why: str = "") -> Sequence[Event]:
    found = [Found(number, each) for each in told.findings]
    return (Started(number, why), *found, Concluded(number, told))
