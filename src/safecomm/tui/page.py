"""A screen of text to read, and back: what a question's checks saw, help, what SAFE means."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from safecomm.core.language import N_, tr
from safecomm.tui.state import State
from safecomm.tui.top import Top

if TYPE_CHECKING:
    from safecomm.tui.app import SafeCommApp

Write = Callable[[State], Content]


class Page(Screen[None]):
    """write makes the text from the state, again at each change; guide is where G leads from here.

    name tells one page from another: none is opened over itself.
    """

    app: "SafeCommApp"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", tr(N_("Back")), key_display=tr(N_("Esc"))),
        Binding("r,R,f5", "app.check_again", tr(N_("Check again")), key_display="R"),
        Binding("g,G,f2", "guide", tr(N_("Guide")), key_display="G"),
    ]

    def __init__(self, name: str, write: Write, guide: Callable[[State], str] = lambda _: "start") -> None:
        super().__init__(name)
        self._write = write
        self._guide = guide

    def compose(self) -> ComposeResult:
        """Top line, text, keys."""
        yield Top(with_answer=True)
        with VerticalScroll():
            yield Static("", id="text", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show the text; the arrow keys scroll it."""
        self.tell(self.app.state)
        self.query_one(VerticalScroll).focus()

    def tell(self, state: State) -> None:
        """Write it anew."""
        self.query_one(Top).tell(self.app.profile, state, self.app.watching)
        self.query_one("#text", Static).update(self._write(state))

    def action_guide(self) -> None:
        """Open the guide that fits."""
        self.app.open_guide(self._guide(self.app.state))
