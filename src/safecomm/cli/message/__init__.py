"""Encrypt, decrypt, sign and verify messages and files."""

import argparse

from safecomm.cli.nested import add_commands


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of "safecomm message"."""
    add_commands(parser, __name__, __path__)
