"""A guide, offline, one step at a time, opened at the step that mends a problem."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Markdown, Static

from safecomm.core.language import N_, tr
from safecomm.guides import guide_text, slugs
from safecomm.tui.paint import document
from safecomm.tui.state import State
from safecomm.tui.top import Top

if TYPE_CHECKING:
    from safecomm.tui.app import SafeCommApp

MISSING = N_("This guide is not in this copy of SafeComm.")
STEPS = ("# ", "## ")


def steps(text: str) -> tuple[str, ...]:
    """A guide cut before its headings of the first two levels; a whole one would hold up the screen."""
    found: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if line.startswith(STEPS) and not fenced:
            found.append([])
        found[-1].append(line)
    return tuple(joined for lines in found if (joined := "\n".join(lines).strip()))


class GuideScreen(Screen[None]):
    """link is "topic#heading"."""

    app: "SafeCommApp"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", tr(N_("Back")), key_display=tr(N_("Esc"))),
        Binding("left,p,P", "turn(-1)", tr(N_("Page before")), key_display=tr(N_("Left"))),
        Binding("right,n,N", "turn(1)", tr(N_("Next page")), key_display=tr(N_("Right"))),
        Binding("r,R,f5", "app.check_again", tr(N_("Check again")), key_display="R"),
    ]

    def __init__(self, link: str) -> None:
        super().__init__("guide")
        topic, _, heading = link.partition("#")
        self._steps = steps(guide_text(topic) or tr(MISSING))
        self._step = next((n for n, step in enumerate(self._steps) if heading in slugs(step)), 0)

    def compose(self) -> ComposeResult:
        """Top line, page number, text, keys; links to the web are not followed."""
        yield Top(with_answer=True)
        yield Static("", id="page", markup=False)
        with VerticalScroll():
            yield Markdown(open_links=False)
        yield Footer()

    async def on_mount(self) -> None:
        """Show the step."""
        self.tell(self.app.state)
        self.query_one(VerticalScroll).focus()
        await self._show()

    async def action_turn(self, by: int) -> None:
        """Go to another step."""
        step = min(max(0, self._step + by), len(self._steps) - 1)
        if step != self._step:
            self._step = step
            await self._show()

    async def _show(self) -> None:
        number, all_of_them = self._step + 1, len(self._steps)
        page = tr(N_("Guide, page {number} of {all}"), number=number, all=all_of_them)
        self.query_one("#page", Static).update(Content(page))
        await self.query_one(Markdown).update(document(self._steps[self._step]))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def tell(self, state: State) -> None:
        """The answer stays in sight."""
        self.query_one(Top).tell(self.app.profile, state, self.app.watching)
