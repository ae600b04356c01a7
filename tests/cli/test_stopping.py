"""Ctrl-C and SIGTERM end the program in order, however often they come."""

import subprocess
import sys
from signal import SIGINT, SIGTERM, Signals

import pytest

WORK = """
import asyncio, sys
from safecomm.cli.stopping import run_until_stopped

async def work():
    print("begun", flush=True)
    try:
        await asyncio.sleep(30)
    {caught}
    finally:
        await asyncio.sleep(0.5)
        print("put away", flush=True)
    return 3

try:
    code = run_until_stopped(work())
except KeyboardInterrupt:
    code = 130
sys.exit(code)
"""


def stopped(numbers: list[Signals], caught: str = "", script: str = WORK) -> tuple[int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script.format(caught=caught)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    for number in numbers:
        process.send_signal(number)
    out, error = process.communicate(timeout=20)
    return process.returncode, out, error


@pytest.mark.parametrize("numbers", [[SIGINT], [SIGTERM], [SIGINT] * 5, [SIGTERM, SIGINT, SIGTERM]])
def test_all_is_put_away_before_the_end(numbers: list[Signals]) -> None:
    assert stopped(numbers) == (130, "put away\n", "")


def test_work_that_has_an_answer_gives_it() -> None:
    assert stopped([SIGINT], "except asyncio.CancelledError: pass") == (3, "put away\n", "")


def test_a_task_that_nobody_waits_for_shows_no_traceback() -> None:
    work = "except asyncio.CancelledError: asyncio.get_running_loop().create_task(fails())"
    script = WORK.replace("async def work", "async def fails(): raise ValueError\n\nasync def work")
    assert stopped([SIGTERM], work, script) == (3, "put away\n", "")
