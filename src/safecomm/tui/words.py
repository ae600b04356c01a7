"""The longer texts: help, and what SAFE means and does not mean."""

from textual.content import Content

from safecomm.core.language import N_, tr
from safecomm.core.telling import symbol
from safecomm.core.words import Status
from safecomm.tui.paint import title, unicode
from safecomm.tui.state import State

KEYS = (
    ("R, F5", N_("check again now")),
    ("W, F6", N_("watching on or off; while on, it checks again at every change")),
    (N_("Up, Down"), N_("choose a question")),
    (N_("Enter"), N_("open it: what was found, what to do, what was seen")),
    ("G, F2", N_("the guide, at the step that helps with the problem shown")),
    (N_("Left, Right"), N_("in a guide: turn the page")),
    ("S, F3", N_("what SAFE means, and what it does not mean")),
    (N_("Escape"), N_("back")),
    ("Q, F10", N_("quit; a Tor that SafeComm has started ends with it")),
    ("?, F1", N_("this help")),
)
SIGNS = N_(
    "Signs: {good} good, {advice} advice, {problem} problem, {unknown} not known, {skipped} not looked at."
)
MEANING = (
    N_(
        "SAFE means: at the time shown, your own test traffic went through this Tor and nothing else,"
        " and every check that is required was good."
    ),
    "",
    N_("It holds for what goes through this Tor, on this network, until the time shown. It does not mean:"),
    N_("- that you are anonymous. What you write, and how, can still give you away."),
    N_("- that programs which do not use this Tor are safe."),
    N_("- that nobody sees that you use Tor, unless it goes through a disguised bridge."),
    N_("- that this computer is clean. A program that spies on it sees everything."),
    N_("- that the people you write to are safe, or are who they say."),
    "",
    N_("NOT SAFE means: something was seen that puts you in danger. Do not publish."),
    N_("CANNOT CONFIRM means: something could not be looked at. Treat it like NOT SAFE."),
)


def help_text(_: State) -> Content:
    """The keys and the signs."""
    lines = [title(N_("Keys")), Content("")]
    lines += [Content(f"{tr(key):12} {tr(words)}") for key, words in KEYS]
    return Content("\n").join([*lines, Content(""), _signs()])


def _signs() -> Content:
    names = {"good": Status.PASS, "advice": Status.WARN, "problem": Status.FAIL}
    names |= {"unknown": Status.UNKNOWN, "skipped": Status.SKIPPED}
    return Content(tr(SIGNS, **{name: symbol(status, unicode()) for name, status in names.items()}))


def meaning_text(_: State) -> Content:
    """What SAFE means."""
    lines = [title(N_("What SAFE means")), Content("")]
    return Content("\n").join([*lines, *(Content(tr(text)) for text in MEANING)])
