"""A report as text for a person: the verdict first, then the reasons, then the questions."""

import textwrap
from collections.abc import Iterator, Sequence

from safecomm.cli.marks import Marks
from safecomm.core.finding import Finding, Problem, Remedy
from safecomm.core.language import N_, printable, tr
from safecomm.core.telling import PRACTICE, SIMULATED, VERDICT_STATUS, VERDICT_TEXT, question_state
from safecomm.core.words import QUESTION_TEXT, Question, Status, VerdictWord
from safecomm.report import Report


def report_lines(report: Report, marks: Marks) -> Iterator[str]:
    """The lines to print, each within the width."""
    for note in notes(report):
        yield from wrapped(note, marks, "")
    status = VERDICT_STATUS[report.verdict.word]
    lines = wrapped(_verdict(report, marks), marks, "  ", "")
    yield from (marks.paint(line, status) for line in lines)
    yield from wrapped(tr(_validity(report), **_times(report)), marks, "  ")
    by_id = {finding.check: finding for finding in report.findings}
    reasons = [by_id[check] for check in report.verdict.reasons if check in by_id]
    roots = [finding for finding in reasons if finding.cause != "depends_on"]
    for finding in roots or reasons:
        yield ""
        yield from _problem(finding, marks)
    if roots and len(roots) < len(reasons):
        yield ""
        yield tr(N_("Other checks that wait for this: {count}."), count=len(reasons) - len(roots))
    for check in report.verdict.reasons:
        if check not in by_id:
            yield ""
            yield from wrapped(tr(N_("Not looked at: {check}."), check=check), marks, "  ", "? ")
    advice = [f for f in report.findings if f.status is Status.WARN]
    for finding in advice:
        yield ""
        yield from _problem(finding, marks)
    yield ""
    for number, question in enumerate(Question, 1):
        yield _question_line(number, question, report.findings, marks)


def notes(report: Report) -> Iterator[str]:
    """What must be said before any verdict of a practice or simulated run."""
    if report.simulated:
        yield tr(SIMULATED)
    if report.profile.tor.private_network:
        yield tr(PRACTICE)


def verdict_line(report: Report, marks: Marks) -> str:
    """The verdict in one line."""
    return marks.paint(_verdict(report, marks), VERDICT_STATUS[report.verdict.word])


def _verdict(report: Report, marks: Marks) -> str:
    title, scope = map(tr, VERDICT_TEXT[report.verdict.word])
    return f"{marks.symbol(VERDICT_STATUS[report.verdict.word])} {title}: {scope}"


def _validity(report: Report) -> str:
    if report.verdict.word is VerdictWord.SAFE:
        return N_("Checked at {checked}. Holds until {until}; then check again.")
    return N_("Checked at {checked}.")


def _times(report: Report) -> dict[str, str]:
    return {
        "checked": report.checked_at.astimezone().strftime("%H:%M:%S"),
        "until": report.valid_until.astimezone().strftime("%H:%M:%S"),
    }


def _problem(finding: Finding, marks: Marks) -> Iterator[str]:
    first = Problem(finding.status, finding.cause, finding.summary, finding.remedy)
    problems = [problem for problem in (first, *finding.also) if problem.status is not Status.PASS]
    for problem in problems:
        symbol = marks.symbol(problem.status)
        lines = wrapped(problem.summary, marks, "  ", f"{symbol} ")
        yield from (marks.paint(line, problem.status) for line in lines)
        yield from _remedy(problem.remedy, marks)
    guides = dict.fromkeys(p.remedy.guide for p in problems if p.remedy is not None and p.remedy.guide)
    told = tr(N_("guide: {guides}"), guides=", ".join(guides)) if guides else ""
    yield from wrapped("; ".join(filter(None, (f"({finding.check})", told))), marks, "  ")


def _remedy(remedy: Remedy | None, marks: Marks) -> Iterator[str]:
    if remedy is not None and remedy.text:
        yield from wrapped(remedy.text, marks, "     ", f"  {marks.arrow} ")


def _question_line(number: int, question: Question, findings: Sequence[Finding], marks: Marks) -> str:
    status, state = question_state(question, findings)
    text = f"{marks.symbol(status):2} {number}  {tr(QUESTION_TEXT[question])}"
    return marks.paint(f"{text:<{max(0, marks.width - len(state) - 1)}} {state}", status)


def wrapped(text: str, marks: Marks, indent: str, first: str | None = None) -> list[str]:
    """Outside text as harmless lines within the width; first stands before the first line."""
    return textwrap.wrap(
        printable(text, 1000),
        marks.width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
    )
