"""The one question that decides everything else, asked before anything is started or sent."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from safecomm.core.language import N_, tr
from safecomm.core.telling import MAY_IT_BE_SEEN
from safecomm.core.words import Use
from safecomm.tui.top import Top

if TYPE_CHECKING:
    from safecomm.tui.app import SafeCommApp

TEXT = (
    N_(
        "Whoever runs your network (your internet provider, your employer, the state) can often see"
        " THAT you use Tor, though not what you do with it. In some places that alone is dangerous."
    ),
    N_(
        "Press V or H; or choose with the arrow keys and press Enter. If you are not sure, choose H."
        " Nothing is started or sent before you have answered."
    ),
)
ANSWERS = {
    Use.VISIBLE: N_("V   Yes, it may be seen. SafeComm uses Tor as it is set up on this computer."),
    Use.HIDDEN: N_(
        "H   No, it must stay hidden. SafeComm then uses Tor only through bridges that disguise it:"
        " relays that are on no public list. Without one it sends nothing and says so."
    ),
}


def _line(use: Use, *, chosen: bool = False) -> str:
    return f"{'>' if chosen else ' '} {tr(ANSWERS[use])}"


class AskScreen(Screen[Use]):
    """Gives Use.VISIBLE or Use.HIDDEN."""

    app: "SafeCommApp"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v,V", "answer('visible')", tr(N_("Yes, it may be seen")), key_display="V"),
        Binding("h,H", "answer('hidden')", tr(N_("No, keep it hidden")), key_display="H"),
    ]

    def compose(self) -> ComposeResult:
        """Top line, question, what the answers mean, keys."""
        yield Top()
        lines = [Content.styled(tr(MAY_IT_BE_SEEN), "bold"), *(Content(tr(text)) for text in TEXT)]
        with VerticalScroll(can_focus=False):
            yield Static(Content("\n\n").join(lines), id="text", markup=False)
            yield OptionList(*(Option(_line(use), id=use) for use in ANSWERS), markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Whose copy this is, and whether it is practice."""
        self.query_one(Top).tell(self.app.profile, self.app.state, self.app.watching)
        choices = self.query_one(OptionList)
        choices.highlighted = None  # an Enter by mistake answers nothing
        choices.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Mark the line that Enter would choose now, not by colour alone."""
        choice = event.option_list.highlighted_option
        for use in ANSWERS:
            chosen = choice is not None and choice.id == use
            event.option_list.replace_option_prompt(use, _line(use, chosen=chosen))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen with the arrow keys: for keyboards without a V and an H."""
        self.action_answer(str(event.option_id))

    def action_answer(self, use: str) -> None:
        """Give the answer to whoever asked."""
        self.dismiss(Use(use))
