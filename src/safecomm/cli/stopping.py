"""End in order at Ctrl-C or SIGTERM, however often a shaking hand presses it."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_S = 5.0
INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """The work's result; KeyboardInterrupt if it was stopped and gave none.

    The first signal cancels the work. Later ones change nothing while it ends, unless that takes
    longer than PATIENCE_S: then the program ends at once (a Tor of our own ends with it).
    """
    stopped_at: list[float] = []
    try:
        return _run(work, stopped_at)
    finally:
        if stopped_at:  # all is put away: another signal may end the program without a word
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)


def _run(work: Coroutine[Any, Any, T], stopped_at: list[float]) -> T:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        if not loop.get_debug():
            loop.set_exception_handler(_unheard)
        task = loop.create_task(work)

        def stop() -> None:
            if not stopped_at:
                stopped_at.append(time.monotonic())
                task.cancel()
            elif time.monotonic() - stopped_at[0] > PATIENCE_S:
                os._exit(INTERRUPTED)

        for number in SIGNALS:
            loop.add_signal_handler(number, stop)
        try:
            return loop.run_until_complete(task)
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


def _unheard(_: asyncio.AbstractEventLoop, __: dict[str, Any]) -> None:
    """A task that nobody waits for any more has ended badly: no answer rests on it, no traceback is shown."""
