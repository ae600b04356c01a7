"""Symbols, words and colours for a terminal; never colour alone."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from safecomm.core.telling import asks_for_ascii, shows_symbols, symbol
from safecomm.core.words import Status

COLOURS = {
    Status.PASS: "32",
    Status.WARN: "33",
    Status.FAIL: "31;1",
    Status.UNKNOWN: "33;1",
    Status.SKIPPED: "2",
}
NARROW, WIDE = 40, 100


@dataclass(frozen=True, slots=True)
class Marks:
    """How this stream is written to: symbols beyond ASCII, colours, and how many columns."""

    unicode: bool
    colour: bool
    width: int

    @classmethod
    def of(cls, stream: TextIO, environment: Mapping[str, str] = os.environ) -> "Marks":
        """What this stream can show; NO_COLOR and TERM=dumb are kept (no-color.org)."""
        colour = stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((80, 24)).columns
        return cls(shows_symbols(stream.encoding), colour, min(max(columns, NARROW), WIDE))

    def symbol(self, status: Status) -> str:
        """The symbol for a status."""
        return symbol(status, self.unicode)

    @property
    def arrow(self) -> str:
        """Before what to do next."""
        return "→" if self.unicode else "->"

    def paint(self, text: str, status: Status) -> str:
        """The text in the colour of a status."""
        return f"\x1b[{COLOURS[status]}m{text}\x1b[0m" if self.colour else text


def writable() -> TextIO:
    """Standard output, made to replace what it cannot show."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="ascii" if asks_for_ascii() else None, errors="replace")
    return sys.stdout
