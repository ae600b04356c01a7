"""Set a new expiry for a key of your own and its subkeys."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, changed, command, given_passphrase, period
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.own import extend

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key extend"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))
    parser.add_argument(
        "--expire", default="2y", type=period, help=tr(N_("2y, 18m, 90d, a day (2028-01-31) or never"))
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Extend or shorten it."""

    def work(ring: Keyring) -> Ended:
        key = ring.secret(parsed.key)
        after = extend(ring, key, parsed.expire, given_passphrase(parsed, tr(N_("Passphrase of your key:"))))
        return changed(after)

    return command(parsed, SCHEMA, "extend", work)
