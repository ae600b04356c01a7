"""Delete a key from the keyring, or only its secret half."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.refused import Refused

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key delete"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument("--secret-only", action="store_true", help=tr(N_("keep the public half")))
    parser.add_argument("--yes", action="store_true", help=tr(N_("really delete")))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Delete it; a secret half only with --yes."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        if not parsed.yes:
            raise Refused("not_confirmed")
        ring.delete(key, secret_only=parsed.secret_only)
        return Ended(
            message=tr(N_("Deleted.")),
            values={"fingerprint": key.fingerprint, "secret_only": parsed.secret_only},
        )

    return command(parsed, SCHEMA, "delete", work)
