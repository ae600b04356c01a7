"""The arguments of the command line; only the module of the named command is imported."""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from safecomm import __version__
from safecomm.cli import USAGE, OpenScreen, commands
from safecomm.core.language import N_, printable, tr


class Parser(argparse.ArgumentParser):
    """One whose errors are printable, and that takes no shortened options."""

    def __init__(self, **how: object) -> None:
        super().__init__(allow_abbrev=False, **how)  # type: ignore[arg-type]

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End; what cannot be written is noticed here, not after the end."""
        sys.stdout.flush()
        super().exit(status, message)

    def error(self, message: str) -> NoReturn:
        """End with the code of wrong usage."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {printable(message, 4000)}\n")


def parser(arguments: list[str], open_screen: OpenScreen) -> argparse.ArgumentParser:
    """A parser for these arguments; all commands are imported only when help is asked for."""
    whole = Parser(
        prog="safecomm",
        description=tr(N_("Tells you, before you publish, whether your connection is safe.")),
        epilog=tr(N_("Without a command, the screen opens.")),
    )
    whole.add_argument("--version", action="version", version=f"safecomm {__version__}")
    whole.set_defaults(profile=None, run=lambda parsed: open_screen(parsed.profile))
    add_profile(whole)
    help_wanted = not {"-h", "--help"}.isdisjoint(arguments)
    subparsers = whole.add_subparsers(title=tr(N_("commands")), metavar="COMMAND")
    for name in commands():
        wanted = help_wanted or name in arguments
        module = import_module(f"safecomm.cli.{name}") if wanted else None
        summary = (module.__doc__ or "") if module else ""
        command = subparsers.add_parser(name, help=tr(summary), description=tr(summary))
        if module:
            module.add_arguments(command)
            if hasattr(module, "run"):  # else it is one of its own commands that runs
                command.set_defaults(run=module.run)
    return whole


def add_profile(to: argparse.ArgumentParser) -> None:
    """The option that may stand before or after a command; an absent one never undoes a given one."""
    to.add_argument(
        "--profile",
        metavar="FILE",
        type=Path,
        default=argparse.SUPPRESS,
        help=tr(N_("use this profile, not the built-in one")),
    )
