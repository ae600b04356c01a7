"""The guides are found, and only by their names."""

import pytest

from safecomm.guides import guide_text, slug, slugs


def test_the_first_guide_is_there_without_its_front_matter() -> None:
    text = guide_text("start")
    assert text is not None
    assert not text.startswith("---")
    assert "unknown" in slugs(text)


@pytest.mark.parametrize("topic", ["nothing-like-it", "../start", "/etc/passwd", "", "start.md", "Start\n"])
def test_nothing_else_is_read(topic: str) -> None:
    assert guide_text(topic) is None


def test_a_slug_is_lower_case_without_punctuation() -> None:
    assert slug("May it be seen, that you use Tor?") == "may-it-be-seen-that-you-use-tor"
    assert slug("Tor's settings") == "tors-settings"
