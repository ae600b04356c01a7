"""Show one key of the keyring, its words to read aloud, and what is wrong with it."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command
from safecomm.cli.shown import told_keys
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.words import fingerprint_words

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key show"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Print it."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        documents, lines = told_keys((key,))
        words = fingerprint_words(key.fingerprint)
        shown = tuple(f"  {' '.join(words[i : i + 5])}" for i in range(0, len(words), 5))
        told = (*lines, tr(N_("To read aloud:")), *shown)
        return Ended(values={"keys": documents, "words": list(words)}, lines=told)

    return command(parsed, SCHEMA, "show", work)
