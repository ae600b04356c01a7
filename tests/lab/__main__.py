"""Boot the lab and open a shell, or run a command, on the user's computer in it."""

import argparse
import shutil
import signal
import sys

from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.plan import CONTROL, SITES, SOCKS


def main(arguments: list[str]) -> int:
    """Exit code of the command, or 1 when the lab could not start."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the program to run (default: a shell)")
    words: list[str] = parser.parse_args(arguments).command
    command = words[1:] if words[:1] == ["--"] else words
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print("Building a private Tor network; this takes about 20 seconds.", file=sys.stderr)
    try:
        with Lab.start() as lab:
            return _inside(lab, command)
    except LabError as error:
        print(f"The lab did not start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _inside(lab: Lab, command: list[str]) -> int:
    profile = lab.write_profile(lab.folder / "profile.toml")
    print(_welcome(lab, str(profile)), file=sys.stderr)
    shell = shutil.which("bash") or "/bin/sh"
    argv = command or ([shell, "--norc"] if shell.endswith("bash") else [shell])
    environment = {"LAB_PROFILE": str(profile), "PS1": "lab$ "}
    # The program in the foreground decides what Ctrl-C means; we end when it ends.
    signal.signal(signal.SIGINT, lambda *_: None)
    process = lab.client.popen(
        argv, env=environment, cwd=None, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr, session=False
    )
    return process.popen.wait()


def _welcome(lab: Lab, profile: str) -> str:
    pages = "\n".join(f"  {site.url}" for site in SITES)
    return f"""
The lab is ready after {lab.boot_s:.0f} seconds. It has no way to the real internet.
You are on a computer at {lab.client.address} and {lab.client.address6}, and Tor runs on it:
  SOCKS port {SOCKS}, control port {CONTROL} (cookie in {lab.tor.folder}).
The relays are real: 3 authorities, 4 relays, 3 exits ({", ".join(lab.exits)}) and an obfs4 bridge:
  {lab.network.bridge_line()}
The web pages, signed by {lab.web.ca_file}:
{pages}
  {lab.onion_url}
Try: curl --socks5-hostname {SOCKS} --cacert {lab.web.ca_file} {lab.web.url("check")}
     safecomm check --profile {profile}     (the path is also in $LAB_PROFILE)
Leave with "exit" or Ctrl-D: everything is taken away.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
