"""Whatever goes wrong while looking or judging is a doubt, never an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from safecomm.core.check import Cause, Check, Judgement, always, because, never
from safecomm.core.errors import NotTold, Unavailable, UseUnanswered
from safecomm.core.finding import Finding
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.verdict import conclude
from safecomm.core.words import Footprint, Question, Status, VerdictWord
from safecomm.core.world import World
from safecomm.run import required_ids, run
from tests.checks.world import FakeWorld

CAUSES = {
    "ok": Cause(Status.PASS, "Good."),
    "odd": Cause(Status.WARN, "Odd: {what}.", "Mind it.", "start#unknown"),
    "bad": Cause(Status.FAIL, "Bad.", "Mend it.", "start#unknown"),
    "unclear": Cause(Status.UNKNOWN, "Unclear.", "Look again.", "start#unknown"),
}


async def sees(_: World) -> dict[str, str]:
    return {"seen": "something"}


def raises(error: BaseException) -> Callable[[World], Awaitable[Any]]:
    async def look(_: World) -> Any:
        raise error

    return look


async def sleeps(_: World) -> None:
    await asyncio.sleep(60)


def says(*causes: str) -> Callable[[Any, Policy], Sequence[Judgement]]:
    return lambda *_: [Judgement(cause, {"what": "\x1b[31mred"}) for cause in causes]


def check(
    id: str = "entry.one",
    *,
    look: Callable[[World], Awaitable[Any]] = sees,
    judge: Callable[[Any, Policy], Sequence[Judgement]] | None = None,
    needs: tuple[str, ...] = (),
    footprint: Footprint = Footprint.NONE,
    deadline_s: float = 5.0,
    required: Callable[[Profile], bool] = always,
) -> Check:
    return Check(
        id, "A check.", footprint, look, judge or says("ok"), CAUSES, {}, None, needs, required, deadline_s
    )


def found(*checks: Check, world: World | None = None, **how: Any) -> dict[str, Finding]:
    findings = asyncio.run(run(world or FakeWorld(), checks, **how))
    assert len({finding.check for finding in findings}) == len(findings)
    return {finding.check: finding for finding in findings}


def only(made: Check, **how: Any) -> Finding:
    return found(made, **how)[made.id]


def verdict(*checks: Check, **how: Any) -> VerdictWord:
    findings = asyncio.run(run(FakeWorld(), checks, **how))
    return conclude(findings, required_ids(checks, Profile("test"))).word


def test_a_good_look_judged_good_passes_and_keeps_its_evidence() -> None:
    finding = only(check())
    assert finding.status is Status.PASS
    assert finding.evidence == {"seen": "something"}
    assert finding.remedy is None
    assert verdict(check()) is VerdictWord.SAFE


def broken_judge(*_: object) -> Sequence[Judgement]:
    raise ZeroDivisionError


def bare_cause(*_: object) -> Sequence[Judgement]:
    return because("odd")


async def sees_a_thing_that_is_no_data(_: World) -> object:
    return object()


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        (check(look=sleeps, deadline_s=0.01), "timed_out"),
        (check(look=raises(TimeoutError())), "timed_out"),
        (check(look=raises(ValueError("secret"))), "crashed"),
        (check(look=raises(ExceptionGroup("many", [ValueError()]))), "crashed"),
        (check(look=raises(RecursionError())), "crashed"),
        (check(look=raises(Unavailable("entry.control"))), "depends_on"),
        (check(look=raises(NotTold("config-text"))), "not_told"),
        (check(look=raises(UseUnanswered())), "use_unanswered"),
        (check(look=sees_a_thing_that_is_no_data), "crashed"),
        (check(judge=says()), "not_examined"),
        (check(judge=broken_judge), "crashed"),
        (check(judge=says("a cause nobody declared")), "crashed"),
        (check(judge=says("ok", "a cause nobody declared")), "crashed"),
        (check(judge=bare_cause), "crashed"),
    ],
)
def test_whatever_goes_wrong_is_unknown(made: Check, cause: str) -> None:
    finding = only(made)
    assert (finding.status, finding.cause, finding.required) == (Status.UNKNOWN, cause, True)
    assert finding.remedy
    assert "secret" not in finding.summary
    assert verdict(made) is VerdictWord.CANNOT_CONFIRM


def test_blindness_names_what_is_missing() -> None:
    assert "entry.control" in only(check(look=raises(Unavailable("entry.control")))).summary
    assert "config-text" in only(check(look=raises(NotTold("config-text")))).summary
    assert "ValueError" in only(check(look=raises(ValueError()))).summary


def test_a_timeout_from_outside_shortens_a_deadline_and_never_lengthens_it() -> None:
    assert only(check(look=sleeps), timeout_s=0.01).cause == "timed_out"
    assert only(check(look=sleeps, deadline_s=0.01), timeout_s=60).cause == "timed_out"


def test_the_worst_leads_and_the_others_follow() -> None:
    finding = only(check(judge=says("ok", "odd", "unclear", "bad")))
    assert finding.cause == "bad"
    assert [problem.cause for problem in finding.also] == ["unclear", "odd", "ok"]


def test_text_from_outside_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in only(check(judge=says("odd"))).summary


@pytest.mark.parametrize("root", ["unclear", "bad"])
def test_what_depends_on_a_check_that_is_not_good_is_unknown_and_names_it(root: str) -> None:
    seen = found(check(judge=says(root)), check("entry.two", needs=("entry.one",)))
    assert (seen["entry.two"].status, seen["entry.two"].cause) == (Status.UNKNOWN, "depends_on")
    assert "entry.one" in seen["entry.two"].summary
    assert seen["entry.two"].evidence == {"seen": "something"}


def test_it_goes_on_through_a_chain() -> None:
    seen = found(
        check("entry.three", needs=("entry.two",)),
        check("entry.two", needs=("entry.one",)),
        check(look=raises(OSError())),
    )
    assert [finding.cause for finding in seen.values()] == ["depends_on", "depends_on", "crashed"]


def test_a_warning_stops_nobody() -> None:
    seen = found(check(judge=says("odd")), check("entry.two", needs=("entry.one",)))
    assert seen["entry.two"].status is Status.PASS


def test_bad_news_counts_even_if_what_it_needs_is_not_good() -> None:
    seen = found(check(judge=says("unclear")), check("entry.two", needs=("entry.one",), judge=says("bad")))
    assert seen["entry.two"].status is Status.FAIL


def test_bad_news_always_counts() -> None:
    assert only(check(judge=says("bad"), required=never)).required
    assert verdict(check(), check("entry.two", judge=says("bad"), required=never)) is VerdictWord.NOT_SAFE


def test_checks_look_side_by_side() -> None:
    meeting = asyncio.Barrier(3)

    async def meets(_: World) -> None:
        await meeting.wait()

    names = ("entry.one", "entry.two", "health.three")
    seen = found(*(check(name, look=meets, deadline_s=2) for name in names))
    assert {finding.status for finding in seen.values()} == {Status.PASS}


def test_one_broken_check_leaves_the_others_alone() -> None:
    seen = found(check(look=raises(OSError())), check("entry.two"))
    assert seen["entry.two"].status is Status.PASS


def test_what_was_not_selected_is_unknown_and_still_required() -> None:
    checks = (check(), check("entry.two", needs=("entry.one",)), check("leaks.three"))
    seen = found(*checks, selected=["entry.two"])
    assert [finding.status for finding in seen.values()] == [Status.PASS, Status.PASS, Status.UNKNOWN]
    assert (seen["leaks.three"].cause, seen["leaks.three"].required) == ("not_examined", True)
    assert verdict(*checks, selected=["entry.two"]) is VerdictWord.CANNOT_CONFIRM
    assert verdict(*checks, selected=[]) is VerdictWord.CANNOT_CONFIRM


def test_a_required_check_that_nobody_has_is_unknown() -> None:
    profile = Profile("test", policy=Policy(required=("machine.absent", "entry.one")))
    seen = found(check(required=never), world=FakeWorld(profile=profile))
    assert seen["entry.one"].required
    assert (seen["machine.absent"].status, seen["machine.absent"].cause) == (Status.UNKNOWN, "unknown_check")
    assert seen["machine.absent"].question is Question.MACHINE
    assert conclude(tuple(seen.values()), profile.policy.required).word is VerdictWord.CANNOT_CONFIRM


def test_a_profile_adds_to_what_is_required_and_takes_nothing_away() -> None:
    profile = Profile("test", policy=Policy(required=("entry.two",)))
    checks = (check(), check("entry.two", required=never))
    assert required_ids(checks, profile) == ("entry.one", "entry.two")


def test_what_the_local_network_could_see_runs_only_if_it_was_asked_for_by_name() -> None:
    seen_by_neighbours = check(footprint=Footprint.CLEAR)
    finding = only(seen_by_neighbours)
    assert (finding.status, finding.cause) == (Status.SKIPPED, "not_asked")
    assert verdict(seen_by_neighbours) is VerdictWord.CANNOT_CONFIRM
    assert only(seen_by_neighbours, selected=["entry.one"]).status is Status.PASS


def test_it_is_not_run_because_another_one_needs_it() -> None:
    seen = found(
        check(footprint=Footprint.CLEAR), check("entry.two", needs=("entry.one",)), selected=["entry.two"]
    )
    assert seen["entry.one"].status is Status.SKIPPED
    assert seen["entry.two"].cause == "depends_on"


def test_progress_hears_each_finding_once_as_it_settles() -> None:
    heard: list[Finding] = []
    seen = found(check("entry.two", needs=("entry.one",)), check(), progress=heard.append)
    assert heard == [seen["entry.one"], seen["entry.two"]]


def test_a_cancelled_run_gives_no_findings_and_leaves_nothing_running() -> None:
    ended: list[str] = []

    async def holds_on(_: World) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("look")

    async def cancel() -> None:
        running = asyncio.create_task(run(FakeWorld(), [check(look=holds_on)]))
        await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(cancel())
    assert ended == ["look"]
