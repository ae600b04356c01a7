"""Write an encrypted backup of a key of your own."""

import argparse
from pathlib import Path

from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase, write_new
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.backup import back_up
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.refused import Refused

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key backup"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help=tr(N_("write to this new file"))
    )
    parser.add_argument(
        "--backup-passphrase-fd",
        metavar="N",
        type=int,
        help=tr(N_("read the backup's own passphrase from this file descriptor")),
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Write it, after it was opened once."""

    def work(ring: Keyring) -> Ended:
        key = ring.secret(parsed.key)
        passphrase = given_passphrase(parsed, tr(N_("Passphrase of your key:")))
        if passphrase is None:
            raise Refused("no_passphrase")
        if parsed.backup_passphrase_fd is not None:
            lock = given_passphrase(parsed, "", name="backup_passphrase_fd") or ""
        else:
            lock = passphrase
        write_new(parsed.output, back_up(ring, key, passphrase, lock))
        values: dict[str, Json] = {"fingerprint": key.fingerprint, "output": str(parsed.output)}
        return Ended(message=tr(N_("The backup is written, and was opened once to be sure.")), values=values)

    return command(parsed, SCHEMA, "backup", work)
