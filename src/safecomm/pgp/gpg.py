"""Run gpg: status lines and passphrase each on a descriptor of their own, nothing that goes to a network.

gpg's answers for programs share no channel with what it tells people, so no file name or notation can
speak as gpg (CVE-2018-12020). What names a recipient or a signer goes in by a pipe, never by the
argument list, which every program on the computer can read.
"""

import copy
import io
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any, BinaryIO

import gnupg

from safecomm.pgp.refused import Refused

OLDEST = (2, 2, 8)  # the first without CVE-2018-12020
CHUNK = 1 << 18
PREFIX = b"[GNUPG:] "
LONGEST_LINE = 1 << 16
NOT_ALL_READ = 2
ALWAYS = (
    "--no-options",
    "--disable-dirmngr",
    "--no-auto-key-locate",
    "--no-auto-key-retrieve",
    "--no-auto-check-trustdb",
    "--trust-model=always",
    "--display-charset=utf-8",
    "--no-greeting",
    "--no-sk-comments",
    "--pinentry-mode=loopback",
)
logging.getLogger("gnupg").addHandler(logging.NullHandler())  # its warnings would land on the screen
logging.getLogger("gnupg").propagate = False

CODES = {  # libgpg-error's err-codes.h; above 32768: errors of the system
    9: "no_key",
    11: "wrong_passphrase",
    17: "no_secret_key",
    32803: "disk_full",
}
Status = tuple[str, tuple[str, ...]]


class Told(gnupg.StatusHandler):  # type: ignore[misc]
    """What one run of gpg told: status lines in order, what it wrote, its exit code."""

    def __init__(self, gpg: "Gpg") -> None:
        super().__init__(gpg)
        self.status: list[Status] = []
        self.data = b""
        self.returncode = -1

    def handle_status(self, key: str, value: str) -> None:
        """Keep a line."""
        self.status.append((key, tuple(value.split())))

    def all(self, key: str) -> list[tuple[str, ...]]:
        """The arguments of every line of this keyword."""
        return [values for name, values in self.status if name == key]

    def said(self, *keys: str) -> bool:
        """Whether there is a line of one of these keywords."""
        return any(name in keys for name, _ in self.status)

    def first(self, key: str) -> tuple[str, ...] | None:
        """The arguments of the first line of this keyword."""
        return next(iter(self.all(key)), None)


class Gpg(gnupg.GPG):  # type: ignore[misc]
    """One gpg program on one home folder."""

    def __init__(self, home: Path) -> None:
        program = shutil.which("gpg") or shutil.which("gpg2")
        if program is None:
            raise Refused("gnupg_missing")
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
        environment.pop("GNUPGHOME", None)
        self._secret: str | None = None
        self._hidden: tuple[str, ...] = ()
        self._process: Any = None
        try:
            super().__init__(gpgbinary=program, gnupghome=str(home), options=list(ALWAYS), env=environment)
        except (OSError, ValueError) as error:
            raise Refused("gnupg_missing") from error
        self.buffer_size = CHUNK
        self.encoding = "utf-8"
        if self.version is None or tuple(self.version) < OLDEST:
            raise Refused("gnupg_missing")

    def run(
        self,
        *args: str,
        data: bytes | BinaryIO = b"",
        passphrase: str | None = None,
        hidden: Sequence[str] = (),
        on_data: Callable[[bytes], bool] | None = None,
    ) -> Told:
        """Run gpg with data on its standard input.

        hidden: lines of options that no other program may see ("recipient FPR"). on_data gets each
        piece of output; if it answers False the piece is not kept.
        """
        call = copy.copy(self)
        call._secret, call._hidden, call.on_data = passphrase, tuple(hidden), on_data
        told = Told(call)
        source = io.BytesIO(data) if isinstance(data, bytes) else data
        try:
            call._handle_io(list(args), source, told, binary=True)
        except BrokenPipeError:  # it stopped reading: its status tells why, and all was not seen
            told.returncode = told.returncode or NOT_ALL_READ
        except BaseException:
            if call._process is not None:
                call._process.kill()
                call._process.wait()
            raise
        return told

    def must(self, *args: str, **how: Any) -> Told:
        """As run; Refused if gpg did not end well."""
        told = self.run(*args, **how)
        if told.returncode != 0:
            raise why(told)
        return told

    def _open_subprocess(self, args: list[str], passphrase: bool = False) -> Any:
        """As python-gnupg does, with pipes of our own for status, passphrase and hidden options."""
        del passphrase
        status, writing = os.pipe()
        given = [writing]
        extra: list[str] = []
        try:
            if self._secret is not None:
                given.append(_written(self._secret + "\n"))
                extra += ["--passphrase-fd", str(given[-1])]
            if self._hidden:
                given.append(_written("".join(f"{line}\n" for line in self._hidden)))
                extra += ["--options", f"/dev/fd/{given[-1]}"]
            command = self.make_args([*extra, *args], False)
            command[command.index("--status-fd") + 1] = str(writing)
            if self._hidden:
                command.remove("--no-options")
            process: Any = Popen(
                command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, pass_fds=given, env=self.env
            )
        except BaseException:
            os.close(status)
            raise
        finally:
            for descriptor in given:
                os.close(descriptor)
        self._process = process
        process.stderr = os.fdopen(status, "rb")  # where python-gnupg reads status lines
        return process

    def _read_response(self, stream: Any, result: Any) -> None:
        """Status lines as gpg wrote them; bytes that are no UTF-8 stay visible."""
        raw = stream.stream  # python-gnupg wraps it in a strict reader
        while line := raw.readline(LONGEST_LINE):
            if line.startswith(PREFIX):
                text = line[len(PREFIX) :].rstrip(b"\r\n").decode("utf-8", "backslashreplace")
                key, _, value = text.partition(" ")
                result.handle_status(key, value)
        result.stderr = ""


def why(told: Told) -> Refused:
    """The refusal behind a failure, from gpg's own error codes (libgpg-error's err-codes.h)."""
    codes = {
        int(v[1]) & 0xFFFF for v in [*told.all("FAILURE"), *told.all("ERROR")] if v[1:] and v[1].isdecimal()
    }
    for code in sorted(codes, reverse=True):
        if code in CODES:
            return Refused(CODES[code])
    asked = told.said("INQUIRE_MAXLEN", "NEED_PASSPHRASE") and not codes
    return Refused("no_passphrase" if asked else "failed")


def _written(text: str) -> int:
    """The reading end of a pipe that holds this text."""
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)  # what a pipe cannot hold is refused, not waited for
        data = text.encode()
        if os.write(writing, data) != len(data):
            raise OSError("too long for a pipe")
    except OSError:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return reading
