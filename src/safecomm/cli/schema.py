"""Print the JSON Schema of what the program reads or prints."""

import argparse

from safecomm.schemas import NAMES, schema_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of "safecomm schema"."""
    parser.add_argument("name", choices=NAMES)


def run(parsed: argparse.Namespace) -> int:
    """Print it."""
    print(schema_text(parsed.name), end="")
    return 0
