"""How statuses, verdicts and questions are told to a person: a symbol, a word, never colour alone."""

import locale
from collections.abc import Sequence

from safecomm.core.finding import Finding
from safecomm.core.language import N_, tr
from safecomm.core.words import WORST_FIRST, Question, Status, VerdictWord

SYMBOLS = {
    Status.PASS: ("✔", "OK"),
    Status.WARN: ("!", "!"),
    Status.FAIL: ("✖", "X"),
    Status.UNKNOWN: ("?", "?"),
    Status.SKIPPED: ("–", "-"),
}
VERDICT_STATUS = {
    VerdictWord.SAFE: Status.PASS,
    VerdictWord.NOT_SAFE: Status.FAIL,
    VerdictWord.CANNOT_CONFIRM: Status.UNKNOWN,
}
VERDICT_TEXT = {
    VerdictWord.SAFE: (N_("SAFE TO PUBLISH"), N_("for what goes through this Tor, on this network")),
    VerdictWord.NOT_SAFE: (N_("NOT SAFE"), N_("Do not publish now.")),
    VerdictWord.CANNOT_CONFIRM: (
        N_("CANNOT CONFIRM"),
        N_("Do not publish now: something could not be checked."),
    ),
}
STATE = {
    Status.PASS: N_("good"),
    Status.WARN: N_("good, with advice"),
    Status.SKIPPED: N_("not looked at"),
}
NO_CHECKS = {
    Question.MACHINE: N_("not checked in this version"),
    Question.DOCUMENT: N_("no file chosen"),
    Question.RECIPIENT: N_("no recipient chosen"),
}
PRACTICE = N_("PRACTICE NETWORK: this is not the real Tor network.")
SIMULATED = N_("SIMULATED: this is a replay, not the state of this computer.")
MAY_IT_BE_SEEN = N_("May it be seen that you use Tor?")


def symbol(status: Status, unicode: bool = True) -> str:
    """The symbol for a status, in ASCII if need be."""
    return SYMBOLS[status][0 if unicode else 1]


def asks_for_ascii() -> bool:
    """Whether the locale is C or POSIX, where Python would write UTF-8 all the same (PEP 540)."""
    return locale.setlocale(locale.LC_CTYPE) in ("C", "POSIX")


def shows_symbols(encoding: str | None) -> bool:
    """Whether a terminal of this encoding can show the symbols beyond ASCII."""
    try:
        "✔✖–→·…│─".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def question_state(question: Question, findings: Sequence[Finding]) -> tuple[Status, str]:
    """The worst status among a question's findings, and how many there are of it, in words."""
    of_it = [finding for finding in findings if finding.question is question]
    if not of_it:
        return Status.SKIPPED, tr(NO_CHECKS.get(question, STATE[Status.SKIPPED]))
    worst = min((finding.status for finding in of_it), key=WORST_FIRST.index)
    count = sum(finding.status is worst for finding in of_it)
    if worst is Status.FAIL:
        return worst, tr(N_("problems: {count}"), count=count)
    if worst is Status.UNKNOWN:
        return worst, tr(N_("not known: {count}"), count=count)
    return worst, tr(STATE[worst])
