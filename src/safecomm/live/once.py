"""One run: reach Tor, check, report, and leave nothing behind."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from safecomm.checks import all_checks
from safecomm.checks.entry.control import CHECK as CONTROL
from safecomm.core.language import tr
from safecomm.core.profile import Profile
from safecomm.core.words import VerdictWord
from safecomm.core.world import ControlSeen
from safecomm.live.changes import reason
from safecomm.live.events import Concluded, Event, Found, Started
from safecomm.live.reaching import reached_tor
from safecomm.live.readiness import wait_until_ready
from safecomm.live.world import LiveWorld
from safecomm.net.outside import Outside
from safecomm.net.threads import Threads
from safecomm.report import Report, make_report
from safecomm.run import blind, conclude_check, required_ids, run

OnEvent = Callable[[Event], None]
TRIES = 3


async def check_once(
    profile: Profile,
    *,
    selected: Sequence[str] | None = None,
    timeout_s: float | None = None,
    on_event: OnEvent = lambda _: None,
) -> Report:
    """One verdict on the profile; events are told as they happen.

    A run in which Tor or the network changed is begun again, and tells nothing after TRIES.
    """
    threads = Threads()
    changes: list[str] = []
    outside = Outside(changes.append)
    number, why = 1, ""
    on_event(Started(number, why))
    try:
        async with reached_tor(profile, threads, changes.append) as reached:
            await wait_until_ready(LiveWorld(profile, reached, threads), number, timeout_s, on_event)
            while True:
                changes.clear()
                world = LiveWorld(profile, reached, threads)
                report = await examine(world, number, on_event, selected, timeout_s)
                why = "" if world.lost else next(filter(None, map(reason, changes)), "")
                if not why:
                    break
                if number == TRIES:
                    report = unsettled(report)
                    break
                number += 1
                on_event(Started(number, tr(why)))
    finally:
        outside.close()
        threads.close()
    on_event(Concluded(number, report))
    return report


async def examine(
    world: LiveWorld,
    number: int,
    on_event: OnEvent,
    selected: Sequence[str] | None = None,
    timeout_s: float | None = None,
) -> Report:
    """Run the checks on a reached Tor and conclude."""
    began, started = time.monotonic(), world.now()
    checks = all_checks()
    findings = await run(world, checks, selected, timeout_s, lambda finding: on_event(Found(number, finding)))
    required = required_ids(checks, world.profile)
    report = make_report(world.profile, findings, required, started, time.monotonic() - began)
    return _with_control(report, await world.control()) if world.lost else report


def nothing_known(profile: Profile, now: datetime) -> Report:
    """Before anything was looked at."""
    checks = all_checks()
    required = required_ids(checks, profile)
    findings = [blind(check.id, check.id in required, "not_examined") for check in checks]
    return make_report(profile, findings, required, now, 0.0)


def unsettled(report: Report) -> Report:
    """The same, if Tor or the network changed in the middle of every try: nothing good holds."""
    danger = report.verdict.word is VerdictWord.NOT_SAFE
    return report if danger else _with_control(report, ControlSeen("unsettled"))


def _with_control(report: Report, seen: ControlSeen) -> Report:
    """What Tor said while we looked no longer counts: this does."""
    now = conclude_check(CONTROL, seen, report.profile.policy, required=True)
    findings = [now if finding.check == now.check else finding for finding in report.findings]
    required = required_ids(all_checks(), report.profile)
    return make_report(report.profile, findings, required, report.checked_at, report.duration_s)
