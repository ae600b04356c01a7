"""Run the checks side by side; whatever goes wrong becomes an unknown finding, here and only here."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from safecomm.core.blind import BLIND
from safecomm.core.check import Cause, Check, Judgement
from safecomm.core.errors import NotTold, Unavailable, UseUnanswered
from safecomm.core.evidence import as_json
from safecomm.core.finding import Finding, Json, Problem, Remedy
from safecomm.core.language import tr
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.words import GOOD, WORST_FIRST, Footprint, Status
from safecomm.core.world import World

Progress = Callable[[Finding], None]


def required_ids(checks: Sequence[Check], profile: Profile) -> tuple[str, ...]:
    """The built-in required checks and what the profile's policy adds, in order, each once."""
    built_in = [check.id for check in checks if check.required(profile)]
    return tuple(dict.fromkeys((*built_in, *profile.policy.required)))


async def run(
    world: World,
    checks: Sequence[Check],
    selected: Sequence[str] | None = None,
    timeout_s: float | None = None,
    progress: Progress = lambda _: None,
) -> tuple[Finding, ...]:
    """One finding for every check and for every required id, in the order of the checks.

    selected: only these ids and what they need are looked at, the others are unknown. timeout_s
    shortens every check's deadline. progress hears each finding once, as soon as it is settled.
    """
    required = required_ids(checks, world.profile)
    wanted = _with_needs(checks, selected)
    tasks: dict[str, asyncio.Task[Finding]] = {}

    async def settled(check: Check) -> Finding:
        finding = await _examine(check, world, check.id in required, timeout_s, check.id in (selected or ()))
        for needed in check.needs:
            before = await tasks[needed]
            if before.status not in GOOD and finding.status is not Status.FAIL:
                finding = replace(
                    blind(check.id, finding.required, "depends_on", needs=needed), evidence=finding.evidence
                )
                break
        progress(finding)
        return finding

    async with asyncio.TaskGroup() as group:
        for check in checks:
            if check.id in wanted:
                tasks[check.id] = group.create_task(settled(check))
    findings = [
        tasks[check.id].result()
        if check.id in tasks
        else blind(check.id, check.id in required, "not_examined")
        for check in checks
    ]
    known = {check.id for check in checks}
    findings += [blind(missing, True, "unknown_check") for missing in required if missing not in known]
    return tuple(findings)


def _with_needs(checks: Sequence[Check], selected: Sequence[str] | None) -> set[str]:
    by_id = {check.id: check for check in checks}
    wanted: set[str] = set()
    todo = list(by_id if selected is None else selected)
    while todo:
        check = by_id[todo.pop()]
        if check.id not in wanted:
            wanted.add(check.id)
            todo.extend(check.needs)
    return wanted


async def _examine(
    check: Check, world: World, required: bool, timeout_s: float | None, by_name: bool
) -> Finding:
    deadline = min(check.deadline_s, timeout_s or check.deadline_s)
    started = time.monotonic()
    try:
        if check.footprint is Footprint.CLEAR and not by_name:
            return blind(check.id, required, "not_asked")
        async with asyncio.timeout(deadline):
            evidence = await check.look(world)
        finding = conclude_check(check, evidence, world.profile.policy, required)
    except Unavailable as error:
        finding = blind(check.id, required, "depends_on", needs=error.check)
    except NotTold as error:
        finding = blind(check.id, required, "not_told", key=error.key)
    except UseUnanswered:
        finding = blind(check.id, required, "use_unanswered")
    except TimeoutError:
        finding = blind(check.id, required, "timed_out", seconds=round(deadline))
    except Exception as error:  # noqa: BLE001 - a crash is blindness, never an answer
        finding = blind(check.id, required, "crashed", kind=type(error).__name__)
    return replace(finding, duration_s=round(time.monotonic() - started, 3))


def conclude_check(check: Check, evidence: object, policy: Policy, required: bool) -> Finding:
    """Judge evidence: the worst judgement leads, the others follow; none at all is unknown."""
    judgements = check.judge(evidence, policy)
    problems = sorted(
        (_problem(check.causes[judgement.cause], judgement) for judgement in judgements),
        key=lambda problem: WORST_FIRST.index(problem.status),
    )
    if not problems:
        return blind(check.id, required, "not_examined")
    worst, *others = problems
    shown = as_json(evidence if check.show is None else check.show(evidence))
    return Finding(
        check=check.id,
        status=worst.status,
        required=required,
        cause=worst.cause,
        summary=worst.summary,
        evidence=shown if isinstance(shown, dict) else {"seen": shown},
        remedy=worst.remedy,
        also=tuple(others),
    )


def blind(check: str, required: bool, code: str, **values: object) -> Finding:
    """A finding for a check that could not see."""
    problem = _problem(BLIND[code], Judgement(code, values))
    evidence: Mapping[str, Json] = {key: as_json(value) for key, value in values.items()}
    return Finding(check, problem.status, required, code, problem.summary, evidence, problem.remedy)


def _problem(cause: Cause, judgement: Judgement) -> Problem:
    values = judgement.values
    remedy = None
    if cause.status is not Status.PASS:
        remedy = Remedy(tr(cause.remedy, **values), cause.guide, cause.action)
    return Problem(cause.status, judgement.cause, tr(cause.summary, **values), remedy)
