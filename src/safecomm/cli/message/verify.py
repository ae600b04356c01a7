"""Tell who signed a message or a file, and whether it is unchanged."""

import argparse
from pathlib import Path

from safecomm.cli.openpgp import Ended, add_common, command, own_keys, source
from safecomm.cli.shown import signature_json, text_json
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.message import verify
from safecomm.pgp.verified import read_verified

SCHEMA = "safecomm.message/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm message verify"."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help=tr(N_('the file, or "-" for standard input'))
    )

    parser.add_argument(
        "--signature", metavar="FILE", type=Path, help=tr(N_("the detached signature of the file"))
    )
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Verify it: 0 only for a good signature by a key that you have verified."""

    def work(ring: Keyring) -> Ended:
        known = {**read_verified(), **own_keys(ring)}
        with source(parsed.file, parsed.signature) as data:
            opened = verify(ring, data, parsed.signature, known)
        decisive = opened.decisive
        found: list[Json] = [signature_json(each) for each in opened.signatures]
        values: dict[str, Json] = {"signatures": found, **text_json(opened.text)}
        lines = tuple(each.message for each in opened.signatures if each is not decisive)
        return Ended(decisive.status, decisive.cause, decisive.message, values, lines)

    return command(parsed, SCHEMA, "verify", work)
