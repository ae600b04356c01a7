"""A Tor of our own: private folder, ends with us however we end."""

import contextlib
import os
import shutil
import string
import subprocess
from collections.abc import Callable
from pathlib import Path

import stem.process

from safecomm.core.profile import TorSettings
from safecomm.core.words import Use
from safecomm.tor.failure import TorFailure
from safecomm.tor.options import hides, read_options, with_programs

END_S = 5.0
PLAIN = frozenset(string.ascii_letters + string.digits + "/._- ")


class ManagedTor:
    """A running tor process; control is its endpoint "host:port"."""

    def __init__(self, process: "subprocess.Popen[bytes]", control: str) -> None:
        self._process = process
        self.control = control

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def end(self) -> None:
        """End it and wait: first asked, then made."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def running(folder: Path) -> str | None:
    """The control endpoint that a Tor of ours in this folder has written, if any."""
    try:
        _, _, endpoint = (folder / "control-port").read_text(encoding="ascii").strip().partition("=")
    except (OSError, ValueError):
        return None
    return endpoint or None


def _quoted(path: Path) -> str:
    """A path as torrc reads it back whole: a C string, all but the plainest bytes in octal (tor(1))."""
    return '"' + "".join(chr(b) if chr(b) in PLAIN else f"\\{b:03o}" for b in os.fsencode(path)) + '"'


def start(settings: TorSettings, folder: Path, log: Callable[[str], None] = lambda _: None) -> ManagedTor:
    """Start tor in folder (made, mode 0700); TorFailure names why not.

    It listens on loopback only and gets its settings on standard input. It watches our process
    (__OwningControllerProcess), and ends with the control connection once that has taken ownership.
    """
    program = shutil.which("tor")
    if program is None:
        raise TorFailure("tor_missing")
    options = read_options(settings.options_file, settings.private_network) if settings.options_file else []
    if settings.use is not Use.VISIBLE and not hides(options):
        raise TorFailure("no_bridges")
    config: dict[str, str | list[str]] = {
        "DataDirectory": _quoted(folder),
        "SocksPort": "127.0.0.1:auto",
        "ControlPort": "127.0.0.1:auto",
        "ControlPortWriteToFile": _quoted(folder / "control-port"),
        "CookieAuthentication": "1",
        "Log": "notice stdout",
        "AvoidDiskWrites": "1",
    }
    for name, value in with_programs(options):
        given = config.setdefault(name, [])
        if isinstance(given, list):
            given.append(value)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        (folder / "control-port").unlink(missing_ok=True)
        process = stem.process.launch_tor_with_config(
            config,
            tor_cmd=program,
            completion_percent=0,
            timeout=None,
            take_ownership=True,
            init_msg_handler=log,
        )
    except OSError as error:
        raise TorFailure("start_failed", type(error).__name__) from error
    control = running(folder)
    tor = ManagedTor(process, control or "")
    if control is None:
        tor.end()
        raise TorFailure("start_failed", "no control port")
    return tor
