"""The seven questions, each with a sign, a word and a colour."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from safecomm.core.language import N_, tr
from safecomm.core.telling import NO_CHECKS, question_state
from safecomm.core.words import QUESTION_TEXT, Question, Status
from safecomm.tui.paint import STYLES, ellipsis, mark
from safecomm.tui.state import State

NO_LONGER = N_("not known")
ADVICE = N_("good, advice")  # short: it stands beside the longest question in 80 columns
WIDEST = 100


class Questions(OptionList):
    """Arrow keys move the ">", Enter opens a question; option ids are the questions' own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", tr(N_("Open")), key_display=tr(N_("Enter"))),
    ]

    def __init__(self) -> None:
        super().__init__(*(Option("", id=question.value) for question in Question), markup=False)
        self._state = State()

    def on_mount(self) -> None:
        """Begin at the first question."""
        self.highlighted = 0
        self.focus()

    def on_resize(self, _: Resize) -> None:
        """The words stand at the right edge."""
        self.tell(self._state)

    def on_option_list_option_highlighted(self) -> None:
        """Move the sign of the line chosen."""
        self.tell(self._state)

    def tell(self, state: State) -> None:
        """Show this state."""
        self._state = state
        width = min(self.scrollable_content_region.width or WIDEST, WIDEST)
        for number, question in enumerate(Question):
            sign, words = _told(question, state)
            chosen = ">" if number == self.highlighted else " "
            left = Content.assemble(chosen, " ", sign, f" {number + 1} {tr(QUESTION_TEXT[question])}")
            gap = width - left.cell_length - words.cell_length
            if gap < 2:
                gap = width - words.cell_length
                left = left + Content("\n")
            self.replace_option_prompt_at_index(number, Content.assemble(left, " " * gap, words))


def _told(question: Question, state: State) -> tuple[Content, Content]:
    """Sign and words of a question."""
    status, words = question_state(question, tuple(state.findings.values()))
    if question not in NO_CHECKS or status is not Status.SKIPPED:
        if state.stopped or state.now(status) is not status:
            return mark(Status.UNKNOWN), Content.styled(tr(NO_LONGER), STYLES[Status.UNKNOWN])
        if state.report is None and status is not Status.FAIL:
            return mark(None), Content.styled(tr(N_("looking")) + ellipsis(), "$foreground-muted")
    return mark(status), Content.styled(tr(ADVICE) if status is Status.WARN else words, STYLES[status])
