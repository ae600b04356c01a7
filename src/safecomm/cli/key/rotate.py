"""Replace the encryption subkey of a key of your own."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, changed, command, given_passphrase, period
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.own import rotate

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key rotate"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))
    parser.add_argument(
        "--expire", default="2y", type=period, help=tr(N_("2y, 18m, 90d, a day (2028-01-31) or never"))
    )
    parser.add_argument(
        "--keep-old", action="store_true", help=tr(N_("do not revoke the old encryption subkeys"))
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Add a new one, and revoke the old ones."""

    def work(ring: Keyring) -> Ended:
        key = ring.secret(parsed.key)
        after = rotate(
            ring,
            key,
            parsed.expire,
            given_passphrase(parsed, tr(N_("Passphrase of your key:"))),
            keep_old=parsed.keep_old,
        )
        return changed(after)

    return command(parsed, SCHEMA, "rotate", work)
