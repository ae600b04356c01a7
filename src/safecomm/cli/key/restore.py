"""Bring a key back from its encrypted backup, or only try whether the backup opens."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command, content, given_passphrase
from safecomm.cli.shown import told_keys
from safecomm.core.language import N_, tr
from safecomm.pgp.backup import opened, restore
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.refused import Refused

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key restore"."""
    parser.add_argument("file", metavar="FILE", help=tr(N_("the backup")))
    parser.add_argument("--drill", action="store_true", help=tr(N_("only prove that it opens")))
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Restore it."""

    def work(ring: Keyring) -> Ended:
        passphrase = given_passphrase(parsed, tr(N_("Passphrase of the backup:")))
        if passphrase is None:
            raise Refused("no_passphrase")
        data = content(parsed.file)
        found = opened(ring, data, passphrase) if parsed.drill else restore(ring, data, passphrase)
        documents, lines = told_keys(found)
        message = tr(N_("The backup opens.")) if parsed.drill else tr(N_("Your key is back."))
        return Ended(message=message, values={"keys": documents, "drill": parsed.drill}, lines=lines)

    return command(parsed, SCHEMA, "restore", work)
