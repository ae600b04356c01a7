"""Run the program in the lab as a person would, and read its report."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab import Lab

PROGRAM = (sys.executable, "-m", "safecomm")
TORS = """
import psutil
for process in psutil.process_iter(["name", "cmdline", "pid"]):
    line = " ".join(process.info["cmdline"] or [])
    if process.info["name"] == "tor" and "__OwningControllerProcess" in line:
        print(process.info["pid"])
"""


@dataclass(frozen=True)
class Told:
    """A report as another program would read it."""

    code: int
    report: dict[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.report["verdict"])

    def finding(self, check: str) -> dict[str, Any]:
        """The one finding of a check."""
        (found,) = [f for f in self.report["findings"] if f["check"] == check]
        return dict(found)

    def causes(self, check: str) -> list[str]:
        """Its cause, and what it saw besides."""
        found = self.finding(check)
        return [found["cause"], *(problem["cause"] for problem in found["also"])]


def check(
    lab: Lab, profile: Path, *more: str, env: Mapping[str, str] | None = None, wrap: tuple[str, ...] = ()
) -> Told:
    """One "safecomm check --json" on the lab's client."""
    argv = [*wrap, *PROGRAM, "check", "--json", "--profile", str(profile), *more]
    done = lab.client.run(argv, env=env, timeout=120)
    assert done.stderr == "", done.stderr
    assert done.returncode in (0, 3, 4), (done.returncode, done.stdout)
    return Told(done.returncode, json.loads(done.stdout))


def tors(lab: Lab) -> list[str]:
    """The processes in the lab that are a Tor of the program's own."""
    told = lab.client.run([sys.executable, "-c", TORS])
    assert told.returncode == 0, told.stderr
    return told.stdout.split()
