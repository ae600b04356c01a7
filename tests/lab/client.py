"""The user's computer in the lab: run programs on it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.lab.plan import CLIENT_ADDRESS, CLIENT_ADDRESS6, SOCKS
from tests.lab.space import Process, Space
from tests.lab.wait import wait_for
from tests.lab.web import REPOSITORY

KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
READY_S = 10.0
START_S = 3.0


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: a status and its page, or the error; certificate is the server's, DER as hex digits."""

    seconds: float
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    certificate: str = ""
    body: str = ""
    error: str = ""


class Client:
    """Programs here see one uplink (eth0, IPv4 and IPv6), an empty home, and none of our environment."""

    address = CLIENT_ADDRESS
    address6 = CLIENT_ADDRESS6

    def __init__(self, space: Space) -> None:
        self._space = space
        self.home = space.folder / "home"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What programs get as environment: HOME and SAFECOMM_HOME in the lab, no proxies."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.home.mkdir(mode=0o700, exist_ok=True)
        own = {"HOME": str(self.home), "SAFECOMM_HOME": str(self.home / "safecomm")}
        return {**kept, **own, **(more or {})}

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        timeout: float = 60.0,
        input: str = "",
        cwd: Path | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end, whatever its exit code; subprocess.TimeoutExpired when it is late."""
        whole = self.environment(env)
        where = cwd or self.home
        return self._space.run(
            "client", argv, env=whole, timeout=timeout, input=input, cwd=where, check=False
        )

    def popen(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int | IO[str] | None = subprocess.DEVNULL,
        stdout: int | IO[str] | None = subprocess.DEVNULL,
        stderr: int | IO[str] | None = subprocess.DEVNULL,
        session: bool = True,
    ) -> Process:
        """Start a program; session=False leaves it in our terminal's foreground."""
        whole, where = self.environment(env), cwd or self.home
        return self._space.popen(
            "client", argv, env=whole, cwd=where, stdin=stdin, stdout=stdout, stderr=stderr, session=session
        )

    def fetch(self, url: str, *, socks: str | None = SOCKS, timeout: float = 20.0) -> Page:
        """Get a page through a SOCKS port ("host:port"), or directly when socks is None."""
        ca_file = self._space.folder / "certificates" / "ca.pem"
        argv = [sys.executable, "-m", "tests.lab.fetch", url, socks or "", str(ca_file), str(timeout)]
        try:
            done = self.run(argv, cwd=REPOSITORY, timeout=timeout + START_S)
        except subprocess.TimeoutExpired:
            return Page(timeout, error=f"nothing whole within {timeout} s")
        return Page(**json.loads(done.stdout))

    def helper(self, module: str, *arguments: str) -> Process:
        """Start a program of the lab itself here, and wait until it says "ready"."""
        log = self._space.folder / f"{module}-{'-'.join(arguments)}.log"
        argv = [sys.executable, "-m", f"tests.lab.{module}", *arguments]
        pipe = subprocess.PIPE
        with log.open("w", encoding="utf-8") as out:
            process = self.popen(argv, cwd=REPOSITORY, stdin=pipe, stdout=out, stderr=out)
        wait_for(lambda: "ready\n" in log.read_text() or not process.alive, READY_S, module, log)
        process.log = log
        return process
