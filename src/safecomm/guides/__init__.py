"""The guides: Markdown files, offline, in the reader's language or else in English."""

import locale
import re
from pathlib import Path

PACKAGED = Path(__file__).parent.parent / "guides_data"
CHECKOUT = Path(__file__).parents[3] / "guides"
TOPIC = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def guide_text(topic: str) -> str | None:
    """The Markdown of a guide without its front matter; None if there is none by that name."""
    if not TOPIC.fullmatch(topic):
        return None
    root = PACKAGED if PACKAGED.is_dir() else CHECKOUT
    for language in dict.fromkeys((_language(), "en")):
        try:
            text = (root / language / f"{topic}.md").read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        return FRONT_MATTER.sub("", text)
    return None


def slug(heading: str) -> str:
    """A heading as it is linked to: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def slugs(text: str) -> tuple[str, ...]:
    """The slugs of a guide's headings, in order."""
    return tuple(slug(heading) for heading in HEADING.findall(text))


def _language() -> str:
    name = locale.getlocale(locale.LC_MESSAGES)[0] if hasattr(locale, "LC_MESSAGES") else None
    code = (name or "en").partition("_")[0].lower()
    return code if TOPIC.fullmatch(code) else "en"
