"""Texts in the reader's language: mark with N_, show with tr."""

import gettext
from functools import cache
from pathlib import Path

JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them: shown as they are
LOCALE = Path(__file__).parent.parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for translation without translating it yet."""
    return text


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("safecomm", LOCALE, fallback=True)


def tr(text: str, /, **values: object) -> str:
    """The text in the reader's language, its {placeholders} filled with printable values."""
    return translated(text).format_map({k: printable(str(v)) for k, v in values.items()})


def translated(text: str) -> str:
    """The text in the reader's language, its {placeholders} left as they are."""
    return _catalogue().gettext(text) if text else ""


def printable(text: str, limit: int = 200) -> str:
    """Outside text as harmless text: control and direction characters shown as \\xNN, cut at limit."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() or c in JOINERS else c.encode("unicode_escape").decode() for c in cut)
