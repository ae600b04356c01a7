"""List every check, the causes it can name, and what to do about each."""

import argparse
import json
from collections.abc import Iterator, Mapping

from safecomm.checks import all_checks
from safecomm.cli.marks import Marks, writable
from safecomm.cli.text import wrapped
from safecomm.core.blind import BLIND
from safecomm.core.check import Cause
from safecomm.core.language import N_, tr, translated
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import QUESTION_TEXT, Question

EXAMPLE = Profile("example", destinations=(Destination("https://example.org/"),))
ANY = N_("Causes of any check that could not see")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm checks"."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=tr(N_("print JSON")))
    form.add_argument("--markdown", action="store_true", help=tr(N_("print Markdown")))


def run(parsed: argparse.Namespace) -> int:
    """Print the table."""
    if parsed.json:
        print(json.dumps(_as_json(), indent=2))
    elif parsed.markdown:
        print(*_markdown(), sep="\n")
    else:
        out = writable()
        print(*_text(Marks.of(out)), sep="\n", file=out)
    return 0


def _as_json() -> dict[str, object]:
    checks = [
        {
            "check": check.id,
            "question": check.question.value,
            "sentence": tr(check.sentence),
            "footprint": check.footprint.value,
            "required": check.required(EXAMPLE),
            "needs": list(check.needs),
            "causes": _causes(check.causes),
        }
        for check in all_checks()
    ]
    return {"schema": "safecomm.checks/1", "checks": checks, "any": _causes(BLIND)}


def _causes(causes: Mapping[str, Cause]) -> list[dict[str, object]]:
    return [
        {
            "cause": code,
            "status": cause.status.value,
            "summary": translated(cause.summary),
            "remedy": translated(cause.remedy),
            "guide": cause.guide,
        }
        for code, cause in causes.items()
    ]


def _text(marks: Marks) -> Iterator[str]:
    for check in all_checks():
        need = tr(N_("required")) if check.required(EXAMPLE) else tr(N_("not required"))
        yield f"{check.id}  ({need})"
        yield from wrapped(tr(check.sentence), marks, "  ")
        yield from _told(check.causes, marks)
        yield ""
    yield tr(ANY)
    yield from _told(BLIND, marks)


def _told(causes: Mapping[str, Cause], marks: Marks) -> Iterator[str]:
    for code, cause in causes.items():
        summary = f"{code}: {translated(cause.summary)}"
        yield from wrapped(summary, marks, "      ", f"  {marks.symbol(cause.status):2} ")
        if cause.remedy:
            yield from wrapped(translated(cause.remedy), marks, "        ", f"      {marks.arrow} ")


def _markdown() -> Iterator[str]:
    yield "# The checks"
    yield ""
    yield 'Made by `safecomm checks --markdown`. "Required" says that SAFE needs it.'
    for question in Question:
        of_it = [check for check in all_checks() if check.question is question]
        if of_it:
            yield ""
            yield f"## {tr(QUESTION_TEXT[question])}"
        for check in of_it:
            yield ""
            yield f"### `{check.id}`"
            yield ""
            required = "required" if check.required(EXAMPLE) else "not required"
            yield f"{tr(check.sentence)} Footprint: {check.footprint}; {required}."
            yield ""
            yield from _rows(check.causes)
    yield ""
    yield f"## {tr(ANY)}"
    yield ""
    yield from _rows(BLIND)


def _rows(causes: Mapping[str, Cause]) -> Iterator[str]:
    yield "| cause | status | what it means | what to do |"
    yield "| --- | --- | --- | --- |"
    for code, cause in causes.items():
        yield f"| `{code}` | {cause.status} | {_cell(cause.summary)} | {_cell(cause.remedy)} |"


def _cell(template: str) -> str:
    return translated(template).replace("|", "\\|")
