"""The command line: one file a command, found by being in this folder."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from safecomm.core.errors import ProfileError, SafeCommError
from safecomm.core.language import N_, printable, tr

OpenScreen = Callable[[Path | None], int]
USAGE, INTERNAL = 2, 1
PARTS = frozenset({"ask", "marks", "nested", "openpgp", "parser", "shown", "stopping", "text", "watching"})


class WrongUsage(SafeCommError):
    """A command that cannot be meant as it was given."""


def commands() -> tuple[str, ...]:
    """The names of the commands."""
    import pkgutil

    return tuple(m.name for m in pkgutil.iter_modules(__path__) if m.name not in PARTS)


def run(arguments: list[str], open_screen: OpenScreen) -> int:
    """Parse and run; every error becomes one line and an exit code, never a traceback, never a verdict."""
    signal.signal(signal.SIGTERM, _interrupted)
    _open_streams()
    try:
        code = _run(arguments, lambda profile: _on_terminal(open_screen, profile))
        sys.stdout.flush()
        return code
    except (ProfileError, WrongUsage) as error:
        return _say(error.what, error.then, USAGE)
    except SafeCommError as error:
        return _say(error.what, error.then, INTERNAL)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERNAL
    except OSError as error:
        sys.stdout = None  # what could not be written is not tried again
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _say(tr(N_("The disk is full.")), tr(N_("Make room, then try again.")), INTERNAL)
        return _crashed(error)
    except Exception as error:  # noqa: BLE001 - a crash is told in a line, and is no verdict
        return _crashed(error)


def _open_streams() -> None:
    """A stream that was closed before the start goes nowhere; a socket must not get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _run(arguments: list[str], open_screen: OpenScreen) -> int:
    if not arguments:
        return open_screen(None)
    from safecomm.cli.parser import parser

    parsed = parser(arguments, open_screen).parse_args(arguments)
    return int(parsed.run(parsed))


def _on_terminal(open_screen: OpenScreen, profile: Path | None) -> int:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise WrongUsage(tr(N_("The screen needs a terminal.")), tr(N_('Use "safecomm check" instead.')))
    return open_screen(profile)


def _interrupted(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _crashed(error: Exception) -> int:
    what = tr(N_("An internal error stopped the program ({kind})."), kind=type(error).__name__)
    return _say(what, tr(N_("This is no answer about your safety. Please report it.")), INTERNAL)


def _say(what: str, then: str, code: int) -> int:
    try:
        print(f"safecomm: {printable(what, 600)} {printable(then)}".rstrip(), file=sys.stderr, flush=True)
    except OSError:  # nobody can be told: the code still tells it
        sys.stderr = None
    return code
