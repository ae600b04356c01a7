"""Text from anywhere as content for a widget: never read as markup, never obeyed as control codes."""

import json
import sys
from collections.abc import Iterator, Mapping

from textual.content import Content

from safecomm.core.finding import Json, Remedy
from safecomm.core.language import printable, tr
from safecomm.core.telling import asks_for_ascii, shows_symbols, symbol
from safecomm.core.words import Status
from safecomm.tui.answer import Answer

STYLES = {
    Status.PASS: "bold $text-success",
    Status.WARN: "$text-warning",
    Status.FAIL: "bold $text-error",
    Status.UNKNOWN: "bold $text-warning",
    Status.SKIPPED: "$foreground-muted",
}
BADGES = {
    Status.PASS: "bold #ffffff on #1b7a3d",
    Status.FAIL: "bold #ffffff on #b5202c",
    Status.UNKNOWN: "bold #000000 on #e8a317",
}
CLASSES = {Status.PASS: "good", Status.FAIL: "bad", Status.UNKNOWN: "doubt"}
EVIDENCE_LINES = 200
JOINERS = frozenset("\u200c\u200d")  # Persian, Urdu and Indic texts cannot be written without them


def unicode() -> bool:
    """Whether this terminal shows symbols beyond ASCII."""
    return shows_symbols("ascii" if asks_for_ascii() else getattr(sys.__stdout__, "encoding", None))


def plain(text: str, style: str = "", limit: int = 1000) -> Content:
    """Outside text as content; control characters are shown."""
    return Content.styled(printable(text, limit), style)


def document(text: str) -> str:
    """A text of many lines with its control and direction characters shown."""
    lines = text.expandtabs(4).splitlines()
    return "\n".join("".join(c if c in JOINERS else printable(c) for c in line) for line in lines)


def mark(status: Status | None) -> Content:
    """A status' symbol in its colour, all equally wide; blank while there is none."""
    width = 1 if unicode() else 2
    if status is None:
        return Content(" " * width)
    return Content.styled(f"{symbol(status, unicode()):{width}}", STYLES[status])


def verdict_line(said: Answer) -> Content:
    """The answer in one line: sign, word, colour, and what it is about."""
    if said.status is None:
        return Content.assemble((said.heading + ellipsis(), "bold"), "   ", said.scope)
    sign = symbol(said.status, unicode())
    return Content.assemble((f" {sign} {said.heading} ", BADGES[said.status]), "  ", said.scope)


def ellipsis() -> str:
    """After what still goes on."""
    return "…" if unicode() else "..."


def arrow() -> str:
    """Before what to do next."""
    return "→" if unicode() else "->"


def remedy_line(remedy: Remedy | None) -> Content | None:
    """What to do next, if there is anything."""
    if remedy is None or not remedy.text:
        return None
    return Content.assemble((f"{arrow()} ", "bold"), plain(remedy.text))


def evidence_lines(evidence: Mapping[str, Json]) -> Iterator[str]:
    """Evidence as indented lines, bounded."""
    for count, line in enumerate(_lines(dict(evidence), 0)):
        if count == EVIDENCE_LINES:
            yield "..."
            return
        yield line


def _lines(value: Json, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list) and inner:
                yield f"{pad}{key}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{pad}{key}: {_scalar(inner)}"
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict | list):
                yield f"{pad}-"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{pad}- {_scalar(inner)}"
    else:
        yield f"{pad}{_scalar(value)}"


def _scalar(value: Json) -> str:
    return printable(value, 300) if isinstance(value, str) else json.dumps(value)


def title(text: str) -> Content:
    """A heading."""
    return Content.styled(tr(text), "bold")
