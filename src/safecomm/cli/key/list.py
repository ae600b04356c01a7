"""List the keys of the keyring."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command
from safecomm.cli.shown import told_keys
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key list"."""
    parser.add_argument(
        "text",
        metavar="TEXT",
        nargs="?",
        default="",
        help=tr(N_("only keys whose name or fingerprint holds this")),
    )
    parser.add_argument("--mine", action="store_true", help=tr(N_("only your own keys")))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Print them."""

    def work(ring: Keyring) -> Ended:
        wanted = parsed.text.casefold()
        bare = "".join(wanted.split())
        found = tuple(
            key
            for key in ring.all()
            if (key.mine or not parsed.mine)
            and (
                any(wanted in uid.text.casefold() for uid in key.user_ids)
                or bare in key.fingerprint.casefold()
            )
        )
        documents, lines = told_keys(found)
        message = "" if found else tr(N_("There is no such key in this keyring."))
        return Ended(message=message, values={"keys": documents}, lines=lines)

    return command(parsed, SCHEMA, "list", work)
