"""Record that you have compared a key's fingerprint with its owner."""

import argparse
import sys
from datetime import UTC, datetime

from safecomm.cli.openpgp import Ended, add_common, command
from safecomm.core.evidence import as_time
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.lint import must_be_able
from safecomm.pgp.refused import Refused
from safecomm.pgp.verified import HOW, Verified, keep_verified
from safecomm.pgp.words import fingerprint_of

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key verify"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument(
        "--fingerprint", metavar="TEXT", help=tr(N_("what its owner told you, as digits or words"))
    )
    parser.add_argument("--how", choices=HOW, default="other", help=tr(N_("how you compared")))
    parser.add_argument("--forget", action="store_true", help=tr(N_("it is not verified any more")))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Compare what you heard or read with the key."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        if parsed.forget:
            keep_verified(key.fingerprint, None)
            return Ended(
                message=tr(N_("This key is not verified any more.")),
                values={"fingerprint": key.fingerprint, "verified": None},
            )
        heard = parsed.fingerprint
        if heard is None and sys.stdin.isatty() and sys.stderr.isatty():
            print(
                tr(N_("Type the fingerprint or the words that its owner reads to you:")),
                end=" ",
                file=sys.stderr,
                flush=True,
            )
            heard = sys.stdin.readline()
        if not (heard or "").strip():
            raise Refused("not_compared")
        if fingerprint_of(heard) != key.fingerprint:
            raise Refused("differs")
        must_be_able(key)
        verified = Verified(parsed.how, datetime.now(UTC))
        keep_verified(key.fingerprint, verified)
        values: dict[str, Json] = {
            "fingerprint": key.fingerprint,
            "verified": {"how": verified.how, "at": as_time(verified.at)},
        }
        return Ended(message=tr(N_("It is the same. This key is verified.")), values=values)

    return command(parsed, SCHEMA, "verify", work)
