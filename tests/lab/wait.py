"""Waiting in the lab: always with an end, and with the log when it was in vain."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.errors import LabError

STEP_S = 0.05


def wait_for(done: Callable[[], bool], seconds: float, what: str, log: Path) -> None:
    """Ask done() until it says yes; LabError with the end of the log when it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise LabError(
                f"Waited {seconds:.0f} s in vain for {what}.", f"The end of {log.name}:\n{tail(log)}"
            )
        time.sleep(STEP_S)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, as far as there is one."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
