"""Every text that people read can be translated, and its translation is shown."""

import gettext
import io
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from safecomm.checks import all_checks
from safecomm.core import language, telling
from safecomm.core.blind import BLIND
from safecomm.core.language import tr
from safecomm.core.words import QUESTION_TEXT

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "src" / "safecomm" / "locale" / "safecomm.pot"


def collected() -> Catalog:
    spec = spec_from_file_location("messages", ROOT / "packaging" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    catalogue: Catalog = module.collect()
    return catalogue


def ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def test_the_template_is_up_to_date() -> None:
    kept = read_po(io.BytesIO(TEMPLATE.read_bytes()))
    assert ids(collected()) == ids(kept), 'run "make messages"'


def test_no_text_of_a_check_or_a_verdict_is_left_out() -> None:
    texts = set(QUESTION_TEXT.values()) | set(telling.NO_CHECKS.values())
    texts |= {text for pair in telling.VERDICT_TEXT.values() for text in pair}
    for check in all_checks():
        texts |= {check.sentence, *(c.summary for c in check.causes.values())}
        texts |= {c.remedy for c in check.causes.values()}
    texts |= {cause.summary for cause in BLIND.values()} | {cause.remedy for cause in BLIND.values()}
    assert texts - {""} <= ids(collected())


@pytest.fixture
def backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language in which every text stands in angle brackets."""
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale=None)
    for text in ids(collected()):
        catalogue.add(text, f"<{text}>")
    with (folder / "safecomm.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setenv("LANGUAGE", "xx")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    gettext._translations.clear()  # type: ignore[attr-defined]
    language._catalogue.cache_clear()
    yield
    language._catalogue.cache_clear()


def test_a_translation_is_shown_with_its_values(backwards: None) -> None:
    assert tr("No answer in time ({seconds} s).", seconds=5) == "<No answer in time (5 s).>"
    for check in all_checks():
        assert tr(check.sentence) == f"<{check.sentence}>"
