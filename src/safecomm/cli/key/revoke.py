"""Revoke a key of your own, or one of its subkeys: it cannot be taken back."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, changed, command, given_passphrase
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.own import REASONS, revoke, revoke_subkey, revoke_with_certificate
from safecomm.pgp.refused import Refused

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key revoke"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument(
        "--reason", choices=sorted(REASONS), default="none", help=tr(N_("why: everybody can read it"))
    )
    parser.add_argument("--subkey", metavar="FPR", help=tr(N_("only this subkey")))
    parser.add_argument(
        "--with-certificate",
        action="store_true",
        help=tr(N_("use the certificate made with the key: no passphrase is needed")),
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Revoke it."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        if parsed.with_certificate:
            after = revoke_with_certificate(ring, key)
        else:
            key = ring.secret(parsed.key)
            passphrase = given_passphrase(parsed, tr(N_("Passphrase of your key:")))
            if parsed.subkey:
                wanted = "".join(parsed.subkey.split()).upper()
                if wanted not in [part.fingerprint for part in key.subkeys]:
                    raise Refused("no_key", text=parsed.subkey)
                after = revoke_subkey(ring, key, wanted, parsed.reason, passphrase)
            else:
                after = revoke(ring, key, parsed.reason, passphrase)
        return changed(after)

    return command(parsed, SCHEMA, "revoke", work)
