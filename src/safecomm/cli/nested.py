"""A command of commands: one file each in its folder; only the named one is imported."""

import argparse
import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module

from safecomm.core.language import tr


def add_commands(parser: argparse.ArgumentParser, package: str, path: Iterable[str]) -> None:
    """The commands in this package; a file "import_" is the command "import"."""
    files = {module.name.rstrip("_"): module.name for module in pkgutil.iter_modules(path)}
    named = [name for name in files if name in sys.argv] if not _help_of_all(files) else []
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, file in sorted(files.items()):
        module = import_module(f"{package}.{file}") if not named or name in named else None
        summary = (module.__doc__ or "") if module else ""
        command = subparsers.add_parser(name, help=tr(summary), description=tr(summary))
        if module:
            module.add_arguments(command)
            command.set_defaults(run=module.run)


def _help_of_all(files: Iterable[str]) -> bool:
    return not set(files) & set(sys.argv)
