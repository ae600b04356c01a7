"""A guide, offline, opened at the step that mends a problem."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Markdown

from safecomm.core.language import N_, tr
from safecomm.guides import guide_text

MISSING = N_("This guide is not in this copy of SafeComm.")


class GuideScreen(Screen[None]):
    """link is "topic#heading"."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", tr(N_("Back"))),
        Binding("r", "app.check_again", tr(N_("Check again"))),
    ]

    def __init__(self, link: str) -> None:
        super().__init__()
        self._topic, _, self._heading = link.partition("#")

    def compose(self) -> ComposeResult:
        """The text and the keys; links to the web are not followed."""
        with VerticalScroll():
            yield Markdown(open_links=False)
        yield Footer()

    async def on_mount(self) -> None:
        """Show the text, then go to the heading."""
        guide = self.query_one(Markdown)
        await guide.update(guide_text(self._topic) or tr(MISSING))
        self.query_one(VerticalScroll).focus()
        if self._heading:
            self.call_after_refresh(guide.goto_anchor, self._heading)
