"""Look at the keys in a file, and import them if nothing speaks against it."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command, content
from safecomm.cli.shown import key_json, key_lines
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.core.words import Status
from safecomm.pgp.keyring import Keyring, inspect
from safecomm.pgp.lint import MESSAGES
from safecomm.pgp.refused import Refused
from safecomm.pgp.verified import read_verified

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key import"."""
    parser.add_argument("file", metavar="FILE", help=tr(N_('the file, or "-" for standard input')))
    parser.add_argument(
        "--accept",
        metavar="CODE",
        action="append",
        default=[],
        choices=sorted(MESSAGES),
        help=tr(N_("import in spite of this problem")),
    )
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Import; stop and say so where a key is dangerous."""

    def work(ring: Keyring) -> Ended:
        known = read_verified()
        data = content(parsed.file)
        found = inspect(data, ring.all())
        documents: list[Json] = [key_json(key, known, wrong) for key, wrong in found]
        lines = tuple(
            line for key, wrong in found for line in key_lines(key, known.get(key.fingerprint), wrong)
        )
        try:
            results = ring.bring_in(data, parsed.accept)
        except Refused as refused:
            return Ended(Status.FAIL, refused.cause, str(refused), {"keys": documents, "imported": []}, lines)
        imported: list[Json] = [dict(result) for result in results]
        message = tr(
            N_("Imported: {count}. Not verified yet: compare the fingerprint with its owner."),
            count=len(results),
        )
        return Ended(message=message, values={"keys": documents, "imported": imported}, lines=lines)

    return command(parsed, SCHEMA, "import", work)
