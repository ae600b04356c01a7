"""A real tor that never touches a network."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safecomm.tor.failure import TorFailure
from safecomm.tor.greeting import greet

STARTED_S = 30.0


@dataclass(frozen=True)
class OfflineTor:
    """A running tor with DisableNetwork 1; control is its endpoint."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    control: str


def free_port() -> int:
    """A loopback port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(endpoint: str) -> None:
    """By then it has also written its cookie, which it does after it has opened the port."""
    deadline = time.monotonic() + STARTED_S
    while True:
        try:
            return greet(endpoint)
        except TorFailure:
            assert time.monotonic() < deadline, "tor did not start"
            time.sleep(0.05)


@contextmanager
def offline_tor(
    folder: Path, options: Sequence[str] = ("CookieAuthentication 1",), defaults: Path | None = None
) -> Iterator[OfflineTor]:
    """Start tor with these torrc lines and a control port, and end it."""
    program = shutil.which("tor")
    assert program, "tor is not installed"
    folder.mkdir(mode=0o700, exist_ok=True)
    port = free_port()
    torrc = folder / "torrc"
    lines = ["DisableNetwork 1", f"DataDirectory {folder}", f"ControlPort 127.0.0.1:{port}", "SocksPort 0"]
    torrc.write_text("\n".join([*lines, *options]) + "\n")
    process = subprocess.Popen(
        [program, "-f", str(torrc), "--defaults-torrc", str(defaults or "/dev/null"), "--quiet"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_answers(f"127.0.0.1:{port}")
        yield OfflineTor(process, folder, f"127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
