"""The command line: one file a command, found by being in this folder."""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from safecomm import __version__
from safecomm.core.errors import ProfileError, SafeCommError
from safecomm.core.language import N_, printable, tr

if TYPE_CHECKING:
    import argparse

OpenScreen = Callable[[Path | None], int]
USAGE, INTERNAL = 2, 1
PARTS = frozenset({"ask", "marks", "text"})


def commands() -> tuple[str, ...]:
    """The names of the commands."""
    import pkgutil

    return tuple(m.name for m in pkgutil.iter_modules(__path__) if m.name not in PARTS)


def run(arguments: list[str], open_screen: OpenScreen) -> int:
    """Parse and run; every error becomes one line and an exit code, never a traceback, never a verdict."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        if not arguments:
            return open_screen(None)
        parsed = _parser(arguments, open_screen).parse_args(arguments)
        return int(parsed.run(parsed))
    except ProfileError as error:
        return _say(error.what, error.then, USAGE)
    except SafeCommError as error:
        return _say(error.what, error.then, INTERNAL)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERNAL
    except Exception as error:  # noqa: BLE001 - a crash is told in a line, and is no verdict
        what = tr(N_("An internal error stopped the program ({kind})."), kind=type(error).__name__)
        return _say(what, tr(N_("This is no answer about your safety. Please report it.")), INTERNAL)


def _interrupted(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(what: str, then: str, code: int) -> int:
    print(f"safecomm: {printable(what, 600)} {printable(then)}".rstrip(), file=sys.stderr)
    return code


def _parser(arguments: list[str], open_screen: OpenScreen) -> "argparse.ArgumentParser":
    import argparse

    parser = argparse.ArgumentParser(
        prog="safecomm",
        description=tr(N_("Tells you, before you publish, whether your connection is safe.")),
        epilog=tr(N_("Without a command, the screen opens.")),
    )
    parser.add_argument("--version", action="version", version=f"safecomm {__version__}")
    add_profile(parser)
    parser.set_defaults(run=lambda parsed: open_screen(parsed.profile))
    help_wanted = not {"-h", "--help"}.isdisjoint(arguments)
    subparsers = parser.add_subparsers(title=tr(N_("commands")), metavar="COMMAND")
    for name in commands():
        wanted = help_wanted or name in arguments
        module = import_module(f"{__name__}.{name}") if wanted else None
        summary = (module.__doc__ or "") if module else ""
        command = subparsers.add_parser(name, help=tr(summary), description=tr(summary))
        if module:
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def add_profile(parser: "argparse.ArgumentParser") -> None:
    """The option that several commands share."""
    parser.add_argument(
        "--profile", metavar="FILE", type=Path, help=tr(N_("use this profile, not the built-in one"))
    )
