"""Time whole programs, in turn, so that a slow machine is slow for both."""

import os
import pty
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

Run = Callable[[], float]


def whole(argv: Sequence[str]) -> Run:
    """Seconds of a program from start to end."""

    def run() -> float:
        begin = time.perf_counter()
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begin

    return run


def until_painted(argv: Sequence[str], words: bytes, env: Mapping[str, str]) -> Run:
    """Seconds from a program's start on a terminal until it has painted these words."""

    def run() -> float:
        begin = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(env)
            os.execvp(argv[0], list(argv))
        painted = b""
        while words not in painted:
            painted += os.read(terminal, 65536)
        taken = time.perf_counter() - begin
        os.write(terminal, b"\x11")
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass
        os.waitpid(pid, 0)
        os.close(terminal)
        return taken

    return run


def in_turn(one: Run, other: Run, rounds: int) -> tuple[float, float, float]:
    """Medians of both, and the median of the ratios one/other, each pair measured side by side."""
    one(), other()
    pairs = [(one(), other()) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def line(name: str, value: float, limit: float, detail: str) -> str:
    """One printed result."""
    word = "ok" if value <= limit else "OVER"
    return f"{word:4}  {name}: {value:.2f} (at most {limit:g})  {detail}"
