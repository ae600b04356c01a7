"""What the checks of one question found: findings, what to do, what was seen."""

from collections.abc import Callable, Iterator

from textual.content import Content

from safecomm.core.finding import Finding, Problem
from safecomm.core.language import N_, tr
from safecomm.core.telling import NO_CHECKS
from safecomm.core.words import QUESTION_TEXT, WORST_FIRST, Question, Status
from safecomm.tui.paint import STYLES, ellipsis, evidence_lines, mark, plain, remedy_line, title
from safecomm.tui.state import State

OLD = N_("This is what was seen then. It is no longer known whether it still holds.")


def write(question: Question) -> Callable[[State], Content]:
    """The text of a question's page."""

    def text(state: State) -> Content:
        lines = [title(QUESTION_TEXT[question]), Content("")]
        findings = _findings(question, state)
        if state.over:
            lines += [Content.styled(tr(OLD), STYLES[Status.UNKNOWN]), Content("")]
        if not findings:
            words = NO_CHECKS.get(question, N_("Nothing has been found out yet."))
            lines.append(Content(tr(words)))
        for finding in findings:
            lines += [*_finding(finding, state), Content("")]
        if findings and state.report is None:
            lines.append(Content.styled(tr(N_("looking")) + ellipsis(), "$foreground-muted"))
        return Content("\n").join(lines)

    return text


def guide(question: Question) -> Callable[[State], str]:
    """The guide's step for the worst problem of a question."""

    def link(state: State) -> str:
        remedies = [f.remedy for f in _findings(question, state) if f.remedy is not None]
        return remedies[0].guide if remedies and remedies[0].guide else "start"

    return link


def _findings(question: Question, state: State) -> list[Finding]:
    of_it = [finding for finding in state.findings.values() if finding.question is question]
    return sorted(of_it, key=lambda finding: WORST_FIRST.index(finding.status))


def _finding(finding: Finding, state: State) -> Iterator[Content]:
    from safecomm.checks import all_checks

    sentence = next((check.sentence for check in all_checks() if check.id == finding.check), "")
    heading = tr(sentence) if sentence else finding.check
    yield Content.assemble(mark(state.now(finding.status)), " ", plain(heading, "bold"))
    first = Problem(finding.status, finding.cause, finding.summary, finding.remedy)
    for problem in (first, *finding.also):
        yield Content.assemble("  ", plain(problem.summary))
        step = remedy_line(problem.remedy) if problem.status is not Status.PASS else None
        if step is not None:
            yield Content.assemble("  ", step)
    code = f"{finding.check}: {finding.status}, {finding.cause}, {finding.duration_s} s"
    yield plain(f"    {code}", "$foreground-muted")
    for line in evidence_lines(finding.evidence):
        yield plain(f"    {line}", "$foreground-muted")
