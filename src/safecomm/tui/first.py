"""The first screen is the answer."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList
from textual.widgets.option_list import Option

from safecomm.core.language import N_, tr
from safecomm.core.telling import NO_CHECKS, question_state
from safecomm.core.words import QUESTION_TEXT, Question, Status
from safecomm.tui.banner import Banner
from safecomm.tui.paint import STYLES, mark, unicode
from safecomm.tui.state import State
from safecomm.tui.top import Top

if TYPE_CHECKING:
    from safecomm.tui.app import SafeCommApp


class FirstScreen(Screen[None]):
    """Banner and questions."""

    app: "SafeCommApp"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "app.check_again", tr(N_("Check again"))),
        Binding("w", "app.watching", tr(N_("Watch on/off"))),
        Binding("g", "app.guide", tr(N_("Guide"))),
        Binding("s", "app.meaning", tr(N_("What SAFE means"))),
    ]

    def compose(self) -> ComposeResult:
        """Top line, banner, questions, keys."""
        yield Top()
        yield Banner()
        yield OptionList(*(Option("", id=question.value) for question in Question), markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show what is known, which is nothing yet."""
        self.tell(self.app.state)
        questions = self.query_one(OptionList)
        questions.highlighted = 0
        questions.focus()
        self.set_interval(1.0, lambda: self.query_one(Banner).tick(self.app.state))

    def tell(self, state: State) -> None:
        """Show this state."""
        self.query_one(Top).tell(self.app.profile, state, self.app.watching)
        self.query_one(Banner).tell(state)
        questions = self.query_one(OptionList)
        for number, question in enumerate(Question):
            questions.replace_option_prompt_at_index(number, self._line(number + 1, question, state))

    def _line(self, number: int, question: Question, state: State) -> Content:
        text = f"{number}  {tr(QUESTION_TEXT[question])}"
        findings = tuple(state.findings.values())
        status, words = question_state(question, findings)
        settled = state.report is not None or question in NO_CHECKS
        if not settled and status is not Status.FAIL:
            looking = tr(N_("looking")) + ("…" if unicode() else "...")
            return Content.assemble(f"   {text}  ", (looking, "$text-muted"))
        return Content.assemble(mark(status), f"  {text}  ", (words, STYLES[status]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter opens a question."""
        if event.option_id is not None:
            self.app.open_question(Question(event.option_id))
