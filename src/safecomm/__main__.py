"""The command "safecomm"."""

import sys

TYPE_CHECKING = False  # as in typing, whose import would cost more than all of "--version"
if TYPE_CHECKING:
    from pathlib import Path

INTERRUPTED = 130  # as a shell reports a program that Ctrl-C ended


def open_screen(profile: "Path | None") -> int:
    """Without a command, the screen opens."""
    from safecomm.profile import load_profile
    from safecomm.tui import run_app

    return run_app(load_profile(profile))


def _version() -> int:
    from safecomm import __version__

    try:
        print(f"safecomm {__version__}", flush=True)
        return 0
    except OSError:
        sys.stdout = None  # what could not be written is not tried again
        return 1


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing heavy is imported before it is needed."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        if arguments == ["--version"]:
            return _version()
        from safecomm.cli import run

        return run(arguments, open_screen)
    except KeyboardInterrupt:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)  # another one ends the program without a word
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
