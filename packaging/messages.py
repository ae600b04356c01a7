"""Collect every text that people read into src/safecomm/locale/safecomm.pot, for translators."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from safecomm.checks import all_checks
from safecomm.cli import commands
from safecomm.schemas import schema

SOURCE = Path(__file__).parent.parent / "src" / "safecomm"
KEYWORDS = {"N_": None, "tr": None}


def collect() -> Catalog:
    """Marked texts, and the sentences that stand elsewhere: of checks, of commands, of the schema."""
    catalogue = Catalog(project="SafeComm", copyright_holder="the SafeComm authors", charset="utf-8")
    for file, _, message, comments, _ in extract_from_dir(SOURCE, keywords=KEYWORDS):
        if message:
            catalogue.add(message, locations=[(file, 0)], auto_comments=comments)
    for check in all_checks():
        catalogue.add(check.sentence, locations=[(f"checks/{check.id.replace('.', '/')}.py", 0)])
    for name in _command_modules():
        module = import_module(f"safecomm.cli.{name}")
        catalogue.add(module.__doc__ or name, locations=[(f"cli/{name.replace('.', '/')}.py", 0)])
    for rule in _descriptions(schema("profile")):
        catalogue.add(rule, locations=[("schemas/profile.schema.json", 0)])
    return catalogue


def _command_modules() -> Iterator[str]:
    """Every command, and the commands of a command."""
    for name in commands():
        yield name
        for inner in iter_modules(getattr(import_module(f"safecomm.cli.{name}"), "__path__", ())):
            yield f"{name}.{inner.name}"


def _descriptions(part: object) -> Iterator[str]:
    """What is expected of each key of a profile, as its schema says it."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "description" and isinstance(value, str):
                yield value
            else:
                yield from _descriptions(value)


def main() -> None:
    """Write the template."""
    file = SOURCE / "locale" / "safecomm.pot"
    file.parent.mkdir(exist_ok=True)
    with file.open("wb") as out:
        write_po(out, collect(), width=100, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    main()
