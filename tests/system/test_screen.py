"""The real screen on the real lab: green when it is safe, and not green any more when Tor dies."""

import fcntl
import os
import pty
import select
import struct
import termios
import time
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.system.safecomm import PROGRAM

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
SOON_S = 30.0


class Terminal:
    """A terminal of 80 by 24; seen holds all that was painted since the last wait."""

    def __init__(self) -> None:
        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.seen = b""

    def wait(self, words: bytes) -> None:
        deadline = time.monotonic() + SOON_S
        while words not in self.seen:
            ready, _, _ = select.select([self.ours], [], [], 0.2)
            if ready:
                self.seen += os.read(self.ours, 65536)
            assert time.monotonic() < deadline, self.seen[-2000:].decode(errors="replace")
        self.seen = b""

    def type(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def close(self) -> None:
        os.close(self.ours)
        os.close(self.theirs)


def test_green_turns_by_itself_when_tor_dies_and_comes_back_after_a_full_run(
    lab: Lab, tmp_path: Path
) -> None:
    profile = lab.write_profile(tmp_path / "profile.toml")
    terminal = Terminal()
    end = terminal.theirs
    process = lab.client.popen(
        [*PROGRAM, "--profile", str(profile)],
        env={"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"},
        stdin=end,
        stdout=end,
        stderr=end,
    )
    try:
        terminal.wait(b"PRACTICE NETWORK")
        terminal.wait(b"SAFE TO PUBLISH")
        lab.tor.kill()
        terminal.wait(b"NOT SAFE")
        lab.tor.start()
        terminal.wait(b"SAFE TO PUBLISH")
        terminal.type(b"q")
        assert process.popen.wait(20) == 0
    finally:
        process.stop()
        terminal.close()
        if not lab.tor.running:
            lab.tor.start()
