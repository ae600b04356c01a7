"""Make a key of your own, with safe settings."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase, period
from safecomm.cli.shown import told_keys
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.own import check_name, generate, revocation_certificate
from safecomm.pgp.refused import Refused
from safecomm.pgp.words import new_passphrase

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key generate"."""
    parser.add_argument("--name", required=True, help=tr(N_("a name; a pseudonym is fine")))
    parser.add_argument(
        "--email", default="", help=tr(N_("an address; better none, if nobody has to find you by it"))
    )
    parser.add_argument(
        "--expire", default="2y", type=period, help=tr(N_("2y, 18m, 90d, a day (2028-01-31) or never"))
    )
    parser.add_argument(
        "--new-passphrase",
        action="store_true",
        help=tr(N_("let SafeComm make a passphrase of six words, and print it once")),
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Make it, with its revocation certificate."""

    def work(ring: Keyring) -> Ended:
        check_name(parsed.name, parsed.email)
        made = new_passphrase() if parsed.new_passphrase else None
        passphrase = made or given_passphrase(parsed, tr(N_("New passphrase:")))
        if passphrase is None:
            raise Refused("no_passphrase")
        if (
            made is None
            and parsed.passphrase_fd is None
            and passphrase != given_passphrase(parsed, tr(N_("The same again:")))
        ):
            raise Refused("wrong_passphrase")
        key = generate(ring, parsed.name, parsed.email, passphrase, parsed.expire)
        certificate = revocation_certificate(ring, key)
        documents, lines = told_keys((key,))
        values: dict[str, Json] = {
            "fingerprint": key.fingerprint,
            "keys": documents,
            "revocation_certificate": str(certificate) if certificate else None,
        }
        if made is not None:
            values["passphrase"] = made
            lines = (
                *lines,
                tr(N_("Your passphrase, shown this once. Learn it or write it on paper:")),
                f"  {made}",
                "",
            )
        message = tr(N_("Your key is made. Make a backup now: safecomm key backup."))
        return Ended(message=message, values=values, lines=lines)

    return command(parsed, SCHEMA, "generate", work)
