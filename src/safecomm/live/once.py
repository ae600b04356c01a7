"""One run: reach Tor, check, report, and leave nothing behind."""

import time
from collections.abc import Callable, Sequence

from safecomm.checks import all_checks
from safecomm.core.finding import Finding
from safecomm.core.profile import Profile
from safecomm.live.events import Concluded, Event, Found, Started
from safecomm.live.reaching import reached_tor
from safecomm.live.readiness import wait_until_ready
from safecomm.live.world import LiveWorld
from safecomm.net.threads import Threads
from safecomm.report import Report, make_report
from safecomm.run import conclude_check, required_ids, run
from safecomm.tor.reach import Reached

OnEvent = Callable[[Event], None]


async def check_once(
    profile: Profile,
    *,
    selected: Sequence[str] | None = None,
    timeout_s: float | None = None,
    on_event: OnEvent = lambda _: None,
) -> Report:
    """One verdict on the profile; events are told as they happen."""
    threads = Threads()
    on_event(Started(1, ""))
    try:
        async with reached_tor(profile, threads) as reached:
            report = await examine(profile, reached, threads, 1, on_event, selected, timeout_s)
    finally:
        threads.close()
    on_event(Concluded(1, report))
    return report


async def examine(
    profile: Profile,
    reached: Reached,
    threads: Threads,
    number: int,
    on_event: OnEvent,
    selected: Sequence[str] | None = None,
    timeout_s: float | None = None,
) -> Report:
    """Run the checks on a reached Tor and conclude."""
    began = time.monotonic()
    world = LiveWorld(profile, reached, threads)
    await wait_until_ready(world, number, timeout_s, on_event)
    started = world.now()
    checks = all_checks()
    findings = await run(world, checks, selected, timeout_s, lambda finding: on_event(Found(number, finding)))
    if reached.control is not None and not reached.control.alive:
        findings = await _lost(world, findings)
    return make_report(profile, findings, required_ids(checks, profile), started, time.monotonic() - began)


async def _lost(world: LiveWorld, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Tor went away while we looked: what it said before no longer counts."""
    from safecomm.checks.entry.control import CHECK

    now = conclude_check(CHECK, await CHECK.look(world), world.profile.policy, required=True)
    return tuple(now if finding.check == now.check else finding for finding in findings)
