"""What the commands of OpenPGP share: the keyring, passphrases, and one way to tell how it ended."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from safecomm.cli import WrongUsage
from safecomm.cli.marks import Marks, writable
from safecomm.cli.shown import text_json, told_keys
from safecomm.cli.text import wrapped
from safecomm.core.finding import Json
from safecomm.core.language import N_, printable, tr
from safecomm.core.words import Status
from safecomm.pgp.key import Key
from safecomm.pgp.keyring import LARGEST, Keyring, open_keyring
from safecomm.pgp.own import PERIOD
from safecomm.pgp.refused import Refused
from safecomm.pgp.verified import Verified

CODES = {Status.PASS: 0, Status.WARN: 0, Status.FAIL: 3, Status.UNKNOWN: 4}
WORDS = {Status.PASS: "done", Status.WARN: "done", Status.FAIL: "refused", Status.UNKNOWN: "unknown"}
LONGEST_PASSPHRASE = 1024


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: cause is a stable code ("ok"), values go into the JSON, lines are for people."""

    status: Status = Status.PASS
    cause: str = "ok"
    message: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    raw: bytes | None = None
    mark: Status | None = None  # what sign to put before the message, if not the status'


def add_common(parser: argparse.ArgumentParser, *, passphrase: bool = False) -> None:
    """The options of every command of OpenPGP."""
    parser.add_argument(
        "--json", action="store_true", help=tr(N_("print one JSON document and nothing else"))
    )
    parser.add_argument(
        "--gnupghome",
        metavar="DIR",
        type=Path,
        help=tr(N_("use the GnuPG keyring in this folder, not SafeComm's own")),
    )
    if passphrase:
        parser.add_argument(
            "--passphrase-fd",
            metavar="N",
            type=int,
            help=tr(N_("read the passphrase from this file descriptor (its first line)")),
        )


def given_passphrase(parsed: argparse.Namespace, question: str, *, name: str = "passphrase_fd") -> str | None:
    """From the descriptor, else asked for on a terminal, else None; WrongUsage if it cannot be read."""
    descriptor = getattr(parsed, name)
    if descriptor is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        return getpass.getpass(f"{question} ", sys.stderr)
    try:
        typed = _line(descriptor)
        return typed.decode()
    except (OSError, ValueError, OverflowError) as error:
        raise WrongUsage(
            tr(N_("--{name}: no passphrase can be read there."), name=name.replace("_", "-")),
            tr(N_("Give the number of a descriptor that is open for reading.")),
        ) from error


def _line(descriptor: int) -> bytes:
    """One line, byte by byte: what follows may be for another reader of the same descriptor."""
    line = bytearray()
    while len(line) < LONGEST_PASSPHRASE:
        byte = os.read(descriptor, 1)
        if byte in (b"", b"\n"):
            break
        line += byte
    return bytes(line).removesuffix(b"\r")


def content(file: str, limit: int = LARGEST) -> bytes:
    """A whole file, or standard input for "-"; WrongUsage if it cannot be read, Refused if it is too big."""
    try:
        if file == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            path = Path(file)
            if not path.is_file():
                raise OSError(tr(N_("not a plain file")))
            with path.open("rb") as opened:
                data = opened.read(limit + 1)
    except (OSError, ValueError) as error:
        kind = getattr(error, "strerror", None) or str(error)
        raise WrongUsage(
            tr(N_("{file} cannot be read ({kind})."), file=file, kind=kind), tr(N_("Check its name."))
        ) from error
    if len(data) > limit:
        raise Refused("too_large")
    return data


def write_new(output: Path, data: bytes) -> None:
    """A new private file, whole or not at all, never over another."""
    from safecomm.pgp.message import whole_file

    with whole_file(output) as part:
        part.write_bytes(data)


def command(parsed: argparse.Namespace, schema: str, action: str, work: Callable[[Keyring], Ended]) -> int:
    """Do the work on the keyring, tell how it ended, and give the exit code."""
    place: dict[str, Json] = {}
    if parsed.gnupghome is not None and not parsed.gnupghome.is_dir():
        raise WrongUsage(tr(N_("--gnupghome: there is no folder {folder}."), folder=parsed.gnupghome), "")
    try:
        with open_keyring(parsed.gnupghome) as ring:
            place = {"place": str(ring.place), "own": ring.own, "gnupg": ring.version}
            ended = work(ring)
    except Refused as refused:
        status = Status.UNKNOWN if refused.cannot_tell else Status.FAIL
        ended = Ended(status, refused.cause, str(refused))
    _tell(parsed, schema, action, ended, place)
    return CODES[ended.status]


def _tell(
    parsed: argparse.Namespace, schema: str, action: str, ended: Ended, place: Mapping[str, Json]
) -> None:
    if parsed.json:
        document = {
            "schema": schema,
            "action": action,
            "status": WORDS[ended.status],
            "cause": ended.cause,
            "message": printable(ended.message, 2000),
            "keyring": dict(place) or None,
            **ended.values,
        }
        print(json.dumps(document, indent=2, allow_nan=False))
        return
    out = writable()
    marks = Marks.of(out)
    for line in ended.lines:
        print(line, file=out)
    if ended.raw is not None:
        _give(ended.raw)
    if ended.message:
        said = sys.stderr if ended.raw is not None or ended.status is not Status.PASS else out
        for line in wrapped(ended.message, marks, "  ", f"{marks.symbol(ended.mark or ended.status)} "):
            print(line, file=said)


def _give(data: bytes) -> None:
    """To a file or pipe as it is; to a terminal with its control characters shown."""
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    for line in data.decode("utf-8", "backslashreplace").splitlines():
        print(printable(line, len(line) + 1))


def period(text: str) -> str:
    """How long a key lasts, as gpg takes it."""
    if not PERIOD.fullmatch(text):
        raise argparse.ArgumentTypeError(tr(N_("expected 2y, 18m, 90d, a day (2028-01-31) or never")))
    return text


def lines_of(descriptor: int) -> list[str]:
    """The lines of a descriptor."""
    try:
        with open(descriptor, encoding="utf-8", closefd=False) as file:
            return [line.strip() for line in file.read(1 << 20).splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise WrongUsage(tr(N_("--to-fd: nothing can be read there.")), "") from error


@contextmanager
def source(file: str, output: Path | None) -> Iterator[bytes | BinaryIO]:
    """What to work on: text in memory if it stays there, a file of any size as a stream."""
    if file == "-":
        yield sys.stdin.buffer if output is not None else content(file)
        return
    if output is None:
        yield content(file)
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        kind = getattr(error, "strerror", None) or str(error)
        raise WrongUsage(tr(N_("{file} cannot be read ({kind})."), file=file, kind=kind), "") from error
    with opened:
        yield opened


def written(
    parsed: argparse.Namespace,
    out: bytes,
    values: Mapping[str, Json],
    told: list[str],
    mark: Status = Status.PASS,
) -> Ended:
    """The end of a command that made something: in a file, in the JSON, or on standard output."""
    message = " ".join(told)
    if parsed.output is not None:
        file = tr(N_("Written to {file}."), file=parsed.output)
        return Ended(
            message=f"{message} {file}".strip(), values={**values, "output": str(parsed.output)}, mark=mark
        )
    given = text_json(out) if parsed.json else {}
    return Ended(message=message, values={**values, "output": None, **given}, raw=out, mark=mark)


def own_keys(ring: Keyring) -> dict[str, Verified]:
    """The user's own keys need no comparing."""
    return {
        key.fingerprint: Verified("own", key.primary.created or datetime.now(UTC))
        for key in ring.all()
        if key.mine
    }


def changed(after: Key) -> Ended:
    """The end of a command that changed a key of one's own."""
    documents, lines = told_keys((after,))
    return Ended(
        message=tr(N_("Done. Give the new public key to your contacts.")),
        values={"fingerprint": after.fingerprint, "keys": documents},
        lines=lines,
    )
