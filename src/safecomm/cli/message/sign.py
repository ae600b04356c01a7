"""Sign a message or a file."""

import argparse
from pathlib import Path

from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase, source, written
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.lint import must_be_able
from safecomm.pgp.message import sign

SCHEMA = "safecomm.message/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm message sign"."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help=tr(N_('the file, or "-" for standard input'))
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=tr(N_("write to this new file")))

    parser.add_argument("--by", metavar="KEY", required=True, help=tr(N_("your own key")))
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--detached", action="store_true", help=tr(N_("the signature alone, for a file that stays as it is"))
    )
    form.add_argument("--clear", action="store_true", help=tr(N_("a statement that everybody can read")))
    parser.add_argument("--binary", action="store_true", help=tr(N_("not as text")))
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Sign it."""

    def work(ring: Keyring) -> Ended:
        signer = ring.secret(parsed.by)
        must_be_able(signer, "s")
        how = "detach-sign" if parsed.detached else "clear-sign" if parsed.clear else "sign"
        passphrase = given_passphrase(parsed, tr(N_("Passphrase:")))
        with source(parsed.file, parsed.output) as data:
            out = sign(ring, data, parsed.output, signer, passphrase, how, armor=not parsed.binary)
        return written(parsed, out, {"by": signer.fingerprint}, [])

    return command(parsed, SCHEMA, "sign", work)
