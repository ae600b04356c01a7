"""What a check is: look, judge, the causes it can name and an example of each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safecomm.core.finding import Json
from safecomm.core.policy import Policy
from safecomm.core.profile import Profile
from safecomm.core.words import Footprint, Question, Status
from safecomm.core.world import World


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing a check can say: its status, a sentence, and what to do.

    summary and remedy are templates; {names} are filled from the judgement's values.
    guide is "topic#heading" of guides/<language>/topic.md.
    """

    status: Status
    summary: str
    remedy: str = ""
    guide: str = ""
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A cause code and the values for its sentences."""

    cause: str
    values: Mapping[str, object] = field(default_factory=dict)


def because(cause: str, **values: object) -> tuple[Judgement, ...]:
    """A single judgement, as judge returns it."""
    return (Judgement(cause, values),)


def always(_: Profile) -> bool:
    """Required in every run."""
    return True


def never(_: Profile) -> bool:
    """Not required by default."""
    return False


@dataclass(frozen=True, slots=True)
class Check:
    """One small, named test.

    look gathers evidence (a frozen dataclass of plain facts) and is the only half with I/O;
    judge is pure, and gives at least one judgement, each with a cause declared here.
    examples holds evidence for every cause (cause "ok" included); blind is the evidence of a look
    that saw nothing, and never judges as good.
    """

    id: str
    sentence: str
    footprint: Footprint
    look: Callable[[World], Awaitable[Any]]
    judge: Callable[[Any, Policy], Sequence[Judgement]]
    causes: Mapping[str, Cause]
    examples: Mapping[str, Any]
    blind: Any
    needs: tuple[str, ...] = ()
    required: Callable[[Profile], bool] = never
    deadline_s: float = 10.0
    show: Callable[[Any], Mapping[str, Json]] | None = None

    @property
    def question(self) -> Question:
        """The question it helps answer."""
        return Question(self.id.partition(".")[0])
