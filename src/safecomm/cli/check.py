"""Tell whether it is safe to publish now, why not, and what to do."""

import argparse
import json
import math
import os
import shutil
import sys
from dataclasses import replace

from safecomm.cli import WrongUsage
from safecomm.cli.ask import with_use
from safecomm.cli.marks import Marks, writable
from safecomm.cli.parser import add_profile
from safecomm.cli.stopping import run_until_stopped
from safecomm.cli.text import report_lines
from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Destination, Profile
from safecomm.core.words import Question
from safecomm.live.events import Event, Found, Progressed, Started
from safecomm.report import Report

LONGEST_S = 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm check"."""
    parser.add_argument(
        "--json", action="store_true", help=tr(N_("print one JSON document and nothing else"))
    )
    add_profile(parser)
    parser.add_argument(
        "--only",
        metavar="ID",
        action="append",
        type=_check_id,
        help=tr(N_("look only at this check and what it needs")),
    )
    parser.add_argument(
        "--question",
        metavar="Q",
        action="append",
        choices=[q.value for q in Question],
        help=tr(N_("look only at this question: {all}"), all=", ".join(Question)),
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, help=tr(N_("wait no longer than this for a check"))
    )
    parser.add_argument(
        "--destination",
        metavar="URL",
        action="append",
        default=[],
        type=_destination,
        help=tr(N_("where you publish; may be given more than once")),
    )
    parser.add_argument(
        "--watch", action="store_true", help=tr(N_("check again at every change, until Ctrl-C"))
    )


def run(parsed: argparse.Namespace) -> int:
    """Check once, or watch; the exit code is the (last) verdict's."""
    from safecomm.profile import load_profile

    if parsed.watch and (parsed.only or parsed.question or parsed.timeout):
        raise WrongUsage(
            tr(N_("--watch always looks at everything.")),
            tr(N_("Leave out --only, --question and --timeout, or leave out --watch.")),
        )
    profile = _with_destinations(load_profile(parsed.profile), parsed.destination)
    profile = with_use(profile, may_ask=not parsed.json)
    if parsed.watch:
        from safecomm.cli.watching import watch_lines

        return run_until_stopped(watch_lines(profile, parsed.json))
    report = run_until_stopped(_once(profile, parsed))
    if parsed.json:
        print(json.dumps(report.as_json(), indent=2, allow_nan=False))
    else:
        out = writable()
        print(*report_lines(report, Marks.of(out)), sep="\n", file=out)
    return report.exit_code


def _with_destinations(profile: Profile, added: list[Destination]) -> Profile:
    """One that the profile names too is judged as the profile says, by its authority and its pins."""
    known = {destination.url for destination in profile.destinations}
    new = dict.fromkeys(destination for destination in added if destination.url not in known)
    return replace(profile, destinations=(*profile.destinations, *new))


async def _once(profile: Profile, parsed: argparse.Namespace) -> Report:
    from safecomm.live.once import check_once

    selected = _selected(parsed)
    progress = _Progress()
    try:
        return await check_once(profile, selected=selected, timeout_s=parsed.timeout, on_event=progress.hear)
    finally:
        progress.clear()


class _Progress:
    """How far it is, on standard error, and only on a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._room = shutil.get_terminal_size((80, 24)).columns - 1
        self._count = 0

    def hear(self, event: Event) -> None:
        if isinstance(event, Started):
            self._count = 0
        elif isinstance(event, Progressed):
            self._show(printable(event.text))
        elif isinstance(event, Found):
            self._count += 1
            self._show(tr(N_("{count} checked ({check})"), count=self._count, check=event.finding.check))

    def _show(self, text: str) -> None:
        if self._shown:
            print(f"\r\x1b[K{text[: self._room]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _selected(parsed: argparse.Namespace) -> list[str] | None:
    if not parsed.only and not parsed.question:
        return None
    from safecomm.checks import all_checks

    wanted = parsed.question or []
    return [*(parsed.only or []), *(check.id for check in all_checks() if check.question in wanted)]


def _check_id(text: str) -> str:
    from safecomm.checks import all_checks

    known = [check.id for check in all_checks()]
    if text not in known:
        told = tr(N_("no check is called {name}; these are:"), name=text)
        raise argparse.ArgumentTypeError(f"{told} {', '.join(known)}")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(tr(N_("expected a number of seconds above 0, at most 3600")))
    return seconds


def _destination(text: str) -> Destination:
    from safecomm.core.formats import is_web_url

    if not is_web_url(text):
        shown = "…@…" if "@" in text else text  # a password may stand before it
        raise argparse.ArgumentTypeError(tr(N_("expected an http or https address, not {text}"), text=shown))
    return Destination(text)
