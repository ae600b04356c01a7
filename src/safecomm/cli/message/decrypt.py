"""Decrypt a message or a file."""

import argparse
from pathlib import Path

from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase, own_keys, source, written
from safecomm.cli.shown import signature_json
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.core.words import Status
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.message import decrypt
from safecomm.pgp.verified import read_verified

SCHEMA = "safecomm.message/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm message decrypt"."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help=tr(N_('the file, or "-" for standard input'))
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=tr(N_("write to this new file")))
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Decrypt it; nothing is shown or kept unless it is whole."""

    def work(ring: Keyring) -> Ended:
        known = {**read_verified(), **own_keys(ring)}
        passphrase = given_passphrase(parsed, tr(N_("Passphrase:")))
        with source(parsed.file, parsed.output) as data:
            opened = decrypt(ring, data, parsed.output, passphrase, known)
        found: list[Json] = [signature_json(each) for each in opened.signatures]
        decisive = opened.decisive
        if opened.signatures and decisive.status is Status.FAIL:
            if parsed.output is not None:
                parsed.output.unlink()
            return Ended(Status.FAIL, decisive.cause, decisive.message, {"signatures": found, "output": None})
        ended = written(
            parsed,
            opened.text or b"",
            {"signatures": found},
            [each.message for each in opened.signatures or (decisive,)],
            decisive.status,
        )
        return ended

    return command(parsed, SCHEMA, "decrypt", work)
