"""The command "safecomm"."""

import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing heavy is imported before it is needed."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        from safecomm import __version__

        print(f"safecomm {__version__}")
        return 0
    from safecomm.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
