"""Show what keys a file holds, without importing any."""

import argparse

from safecomm.cli.openpgp import Ended, add_common, command, content
from safecomm.cli.shown import key_json, key_lines, worst_of
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring, inspect
from safecomm.pgp.verified import read_verified

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key inspect"."""
    parser.add_argument("file", metavar="FILE", help=tr(N_('the file, or "-" for standard input')))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Print them; the exit code tells whether all can be used."""

    def work(ring: Keyring) -> Ended:
        known = read_verified()
        found = inspect(content(parsed.file), ring.all())
        documents: list[Json] = [key_json(key, known, wrong) for key, wrong in found]
        lines = [line for key, wrong in found for line in key_lines(key, known.get(key.fingerprint), wrong)]
        every = tuple(fault for _, wrong in found for fault in wrong)
        status = worst_of(every)
        cause = next((fault.code for fault in every if fault.status is status), "ok")
        return Ended(status, cause, "", {"keys": documents}, tuple(lines))

    return command(parsed, SCHEMA, "inspect", work)
