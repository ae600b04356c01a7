"""The first screen is the answer."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from safecomm.core.language import N_, tr
from safecomm.core.words import Question
from safecomm.tui.banner import Banner
from safecomm.tui.questions import Questions
from safecomm.tui.state import State
from safecomm.tui.top import Top

if TYPE_CHECKING:
    from safecomm.tui.app import SafeCommApp


class FirstScreen(Screen[None]):
    """Banner and questions."""

    app: "SafeCommApp"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,R,f5", "app.check_again", tr(N_("Check again")), key_display="R"),
        Binding("w,W,f6", "app.watching", tr(N_("Watch")), key_display="W"),
        Binding("g,G,f2", "app.guide", tr(N_("Guide")), key_display="G"),
        Binding("s,S,f3", "app.meaning", tr(N_("What is SAFE")), key_display="S"),
    ]

    def compose(self) -> ComposeResult:
        """Top line, banner, questions, keys."""
        yield Top()
        yield Banner()
        yield Questions()
        yield Footer()

    def on_mount(self) -> None:
        """Show what is known, which is nothing yet."""
        self.tell(self.app.state)

    def tell(self, state: State) -> None:
        """Show this state."""
        self.query_one(Top).tell(self.app.profile, state, self.app.watching)
        self.query_one(Banner).tell(state)
        self.query_one(Questions).tell(state)

    def tick(self, state: State) -> None:
        """A second has passed."""
        self.query_one(Banner).tick(state)

    def on_option_list_option_selected(self, event: Questions.OptionSelected) -> None:
        """A question was chosen, by key or by mouse."""
        if event.option_id is not None:
            self.app.open_question(Question(event.option_id))
