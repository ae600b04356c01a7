"""Outside text is harmless before it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from safecomm.core.language import printable, tr


@given(st.text())
def test_nothing_unprintable_gets_through(text: str) -> None:
    shown = printable(text)
    assert shown.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert len(printable(text, limit=10)) <= 100


def test_escapes_and_direction_marks_are_shown_not_obeyed() -> None:
    assert printable("\x1b]0;pwn\x07") == "\\x1b]0;pwn\\x07"
    assert printable("a\u202eb") == "a\\u202eb"
    assert printable("line\nline") == "line\\nline"


def test_the_joiners_of_persian_words_stay() -> None:
    assert printable("\u0645\u06cc\u200c\u0634\u0648\u062f") == "\u0645\u06cc\u200c\u0634\u0648\u062f"


def test_values_in_sentences_are_made_printable() -> None:
    assert tr('Close "{program}".', program="\x1b[2Jcurl{0}") == 'Close "\\x1b[2Jcurl{0}".'
