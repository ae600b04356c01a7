"""Encrypt a message or a file."""

import argparse
from pathlib import Path

from safecomm.cli import WrongUsage
from safecomm.cli.openpgp import Ended, add_common, command, given_passphrase, lines_of, source, written
from safecomm.core.finding import Json
from safecomm.core.language import N_, tr
from safecomm.core.words import Status
from safecomm.pgp.key import Key, grouped
from safecomm.pgp.keyring import Keyring
from safecomm.pgp.message import encrypt
from safecomm.pgp.refused import Refused
from safecomm.pgp.words import new_passphrase

SCHEMA = "safecomm.message/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm message encrypt"."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help=tr(N_('the file, or "-" for standard input'))
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=tr(N_("write to this new file")))

    parser.add_argument(
        "-r",
        "--to",
        "--recipient",
        metavar="KEY",
        dest="to",
        action="append",
        default=[],
        help=tr(N_("whom it is for; other programs on this computer can see this option while it runs")),
    )
    parser.add_argument(
        "--to-fd",
        metavar="N",
        type=int,
        help=tr(N_("read whom it is for from this file descriptor, one key a line")),
    )
    parser.add_argument(
        "--symmetric", action="store_true", help=tr(N_("with a passphrase alone, without keys"))
    )
    parser.add_argument(
        "--new-passphrase",
        action="store_true",
        help=tr(N_("with --symmetric: let SafeComm make the passphrase, and print it once")),
    )
    parser.add_argument("--sign-by", metavar="KEY", help=tr(N_("sign it with your own key")))
    parser.add_argument("--to-self", metavar="KEY", help=tr(N_("encrypt it to this key of yours too")))
    parser.add_argument(
        "--hide-recipients", action="store_true", help=tr(N_("do not write into it whom it is for"))
    )
    parser.add_argument("--binary", action="store_true", help=tr(N_("not as text")))
    parser.add_argument(
        "--only-verified", action="store_true", help=tr(N_("refuse keys that you have not verified"))
    )
    add_common(parser, passphrase=True)


def run(parsed: argparse.Namespace) -> int:
    """Encrypt it."""

    def work(ring: Keyring) -> Ended:
        wanted = [*parsed.to, *(lines_of(parsed.to_fd) if parsed.to_fd is not None else ())]
        recipients = [ring.find(text) for text in wanted]
        warnings = _warnings(ring, recipients)
        if parsed.only_verified and warnings:
            raise Refused("unverified", text=str(warnings[0]["fingerprint"]))
        if parsed.to_self:
            recipients.append(ring.secret(parsed.to_self))
        if bool(recipients) == parsed.symmetric:
            raise WrongUsage(tr(N_("Say whom it is for (--to), or --symmetric.")), tr(N_("One of the two.")))
        if parsed.symmetric and parsed.sign_by:
            raise WrongUsage(tr(N_("--symmetric cannot be signed.")), tr(N_("Leave out --sign-by.")))
        signer = ring.secret(parsed.sign_by) if parsed.sign_by else None
        made = new_passphrase() if parsed.symmetric and parsed.new_passphrase else None
        passphrase = made
        if passphrase is None and (signer is not None or parsed.symmetric):
            passphrase = given_passphrase(parsed, tr(N_("Passphrase:")))
        if parsed.symmetric and not passphrase:
            raise Refused("no_passphrase")
        with source(parsed.file, parsed.output) as data:
            out = encrypt(
                ring,
                data,
                parsed.output,
                recipients,
                symmetric=passphrase if parsed.symmetric else None,
                signer=signer,
                passphrase=passphrase,
                hidden=parsed.hide_recipients,
                armor=not parsed.binary,
            )
        values: dict[str, Json] = {
            "recipients": [key.fingerprint for key in recipients],
            "warnings": [*warnings],
            "passphrase": made,
        }
        return written(
            parsed,
            out,
            values,
            [str(w["message"]) for w in warnings],
            Status.WARN if warnings else Status.PASS,
        )

    return command(parsed, SCHEMA, "encrypt", work)


def _warnings(ring: Keyring, recipients: list[Key]) -> list[dict[str, Json]]:
    return [
        {
            "code": "unverified",
            "fingerprint": key.fingerprint,
            "message": tr(N_("You have not verified the key {text}."), text=grouped(key.fingerprint)),
        }
        for key in recipients
        if not key.mine and ring.verified(key) is None
    ]
