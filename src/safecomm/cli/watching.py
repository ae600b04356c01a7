"""The answer kept true: a line for every change of it, until Ctrl-C."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from safecomm.cli.marks import Marks, writable
from safecomm.cli.text import notes, verdict_line
from safecomm.core.language import N_, printable, tr
from safecomm.core.profile import Profile
from safecomm.core.words import Status, VerdictWord
from safecomm.live.events import Concluded, Started
from safecomm.live.once import nothing_known
from safecomm.report import EXIT_CODES, Report

RUN_OUT = timedelta(seconds=1)
AGAIN = N_("LOOKING AGAIN: the last answer no longer holds.")


async def watch_lines(profile: Profile, as_json: bool) -> int:
    """Print until cancelled; the exit code is that of the answer that holds then, if one does."""
    from safecomm.live.watch import Watch

    watch = Watch(profile)
    lines = _Lines(as_json)
    try:
        async for event in watch.events():
            if isinstance(event, Started):
                lines.begin(event)
            elif isinstance(event, Concluded):
                lines.conclude(event.report)
    except asyncio.CancelledError:
        return lines.code
    finally:
        await watch.close()
    return lines.code


class _Lines:
    """What was told last. A run that begins takes a SAFE back before it looks."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._out = writable()
        self._marks = Marks.of(self._out)
        self._told: tuple[object, ...] = ()
        self._safe: Report | None = None
        self.code = EXIT_CODES[VerdictWord.CANNOT_CONFIRM]

    def begin(self, event: Started) -> None:
        self.code = EXIT_CODES[VerdictWord.CANNOT_CONFIRM]
        now = datetime.now(UTC)
        if self._safe and self._as_json:
            if self._safe.valid_until - now > RUN_OUT:  # else it says by itself that it holds no longer
                self._print_json(nothing_known(self._safe.profile, now))
        elif self._safe:
            status = Status.UNKNOWN
            line = self._marks.paint(f"{self._marks.symbol(status)} {tr(AGAIN)}", status)
            self._print(f"{_clock(now)} {line} {printable(event.why)}".rstrip())
            self._told = ()
        self._safe = None

    def conclude(self, report: Report) -> None:
        self.code = report.exit_code
        self._safe = report if report.verdict.word is VerdictWord.SAFE else None
        first = report.first_reason
        now = (report.verdict, first.cause if first else "")
        if self._as_json:
            self._print_json(report)
        elif now != self._told:
            self._print(_change(report, self._marks))
        self._told = now

    def _print_json(self, report: Report) -> None:
        self._print(json.dumps(report.as_json(), allow_nan=False))

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def _change(report: Report, marks: Marks) -> str:
    parts = [*notes(report), f"{_clock(report.checked_at)} {verdict_line(report, marks)}"]
    first = report.first_reason
    if report.verdict.word is VerdictWord.SAFE:
        parts.append(tr(N_("(until {until})"), until=_clock(report.valid_until)))
    if first is not None:
        parts.append(printable(first.summary, 400))
        if first.remedy is not None:
            parts.append(f"{marks.arrow} {printable(first.remedy.text, 400)}")
    return " ".join(parts)


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
