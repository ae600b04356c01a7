"""Write the public half of a key, to give to others."""

import argparse
import base64
from pathlib import Path

from safecomm.cli.openpgp import Ended, add_common, command, write_new
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.pgp.keyring import Keyring

SCHEMA = "safecomm.key/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm key export"."""
    parser.add_argument("key", metavar="KEY", help=tr(N_("fingerprint or address")))

    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=tr(N_("write to this new file")))
    parser.add_argument("--binary", action="store_true", help=tr(N_("not as text")))
    add_common(parser)


def run(parsed: argparse.Namespace) -> int:
    """Export it."""

    def work(ring: Keyring) -> Ended:
        key = ring.find(parsed.key)
        armor = () if parsed.binary else ("--armor",)
        data = ring.gpg.must(*armor, "--no-emit-version", "--export", key.fingerprint).data
        values: dict[str, Json] = {"fingerprint": key.fingerprint, "output": None}
        if parsed.output is not None:
            write_new(parsed.output, data)
            return Ended(
                message=tr(N_("Written to {file}."), file=parsed.output),
                values={**values, "output": str(parsed.output)},
            )
        if parsed.json:
            text = base64.b64encode(data).decode() if parsed.binary else data.decode("ascii")
            return Ended(values={**values, "base64" if parsed.binary else "armored": text})
        return Ended(values=values, raw=data)

    return command(parsed, SCHEMA, "export", work)
