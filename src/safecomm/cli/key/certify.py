"""Sign a key that you have verified, for yourself or for everybody to see."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.lint import must_be_able
from safecomm.pgp.own import certify
from safecomm.pgp.refused import Refused

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key certify"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument("--by", metavar="KEY", required=True, help=tr(N_("your own key")))
    parser.add_argument(
        "--exportable",
        action="store_true",
        help=tr(N_("everybody who gets the key sees that you know its owner")),
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Sign it."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        by = ring.secret(parsed.by)
        if ring.verified(key) is None:
            raise Refused("unverified", text=key.fingerprint)
        must_be_able(key)
        passphrase = given_passphrase(parsed, tr(N_("Passphrase of your key:")))
        certify(ring, key, by, passphrase, exportable=parsed.exportable)
        values: dict[str, Json] = {
            "fingerprint": key.fingerprint,
            "by": by.fingerprint,
            "exportable": parsed.exportable,
        }
        return Ended(message=tr(N_("Signed.")), values=values)

    return command(parsed, SCHEMA, "certify", work)
