"""What a check concludes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safecomm.core.words import Question, Status

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: a sentence, a guide's step (topic#heading) and perhaps an action."""

    text: str
    guide: str
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong or odd, in words."""

    status: Status
    cause: str
    summary: str
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class Finding:
    """The worst problem a check saw (or its pass), the others, and the evidence.

    A failing finding always counts: it is required, whatever its check was. So blinding it
    later cannot turn the verdict into SAFE.
    """

    check: str
    status: Status
    required: bool
    cause: str
    summary: str
    evidence: Mapping[str, Json] = field(default_factory=dict)
    remedy: Remedy | None = None
    also: tuple[Problem, ...] = ()
    duration_s: float = 0.0

    def __post_init__(self) -> None:
        if self.status is Status.FAIL and not self.required:
            object.__setattr__(self, "required", True)

    @property
    def question(self) -> Question:
        """The question it helps answer."""
        return Question(self.check.partition(".")[0])
