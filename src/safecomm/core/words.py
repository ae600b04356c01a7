"""The closed sets: questions, statuses, footprints, verdicts."""

from enum import StrEnum

from safecomm.core.language import N_


class Question(StrEnum):
    """What a person must know before publishing, always in this order."""

    ENTRY = "entry"
    HEALTH = "health"
    LEAKS = "leaks"
    TAMPERING = "tampering"
    MACHINE = "machine"
    DOCUMENT = "document"
    RECIPIENT = "recipient"


QUESTION_TEXT = {
    Question.ENTRY: N_("Does my traffic really enter Tor?"),
    Question.HEALTH: N_("Is this Tor connection complete, current and set up right?"),
    Question.LEAKS: N_("Does anything go around Tor?"),
    Question.TAMPERING: N_("Is someone between me and the place where I publish?"),
    Question.MACHINE: N_("Does my computer give me away?"),
    Question.DOCUMENT: N_("Does the thing I publish give me away?"),
    Question.RECIPIENT: N_("Is this key really theirs?"),
}


class Status(StrEnum):
    """What a check concludes; only PASS and WARN count as good."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.SKIPPED, Status.PASS)
GOOD = frozenset({Status.PASS, Status.WARN})


class Footprint(StrEnum):
    """Who can see that a check runs."""

    NONE = "none"
    TOR = "tor"
    CLEAR = "clear"


class VerdictWord(StrEnum):
    """The three answers."""

    SAFE = "SAFE"
    NOT_SAFE = "NOT_SAFE"
    CANNOT_CONFIRM = "CANNOT_CONFIRM"


class Use(StrEnum):
    """May it be seen that Tor is used?"""

    VISIBLE = "visible"
    HIDDEN = "hidden"
