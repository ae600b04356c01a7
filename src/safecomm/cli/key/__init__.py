"""Make, look at, compare, renew and save OpenPGP keys."""

import argparse

from safecomm.cli.nested import add_commands


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of "safecomm key"."""
    add_commands(parser, __name__, __path__)
