"""The namespaces that the whole lab lives in: they end with the process that made them."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.lab.errors import LabError

NEEDED = {
    "tor": "tor",
    "tor-gencert": "tor",
    "obfs4proxy": "obfs4proxy",
    "nft": "nftables",
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "mount": "mount",
}
NAMESPACES = "--user --map-root-user --net --mount --pid --fork --mount-proc --kill-child"
# Process 1 reads a pipe whose other end is ours: however we die, it sees the end and the kernel ends all.
# The outer shell then takes the folder away.
INIT = f"""unshare {NAMESPACES} sh -c 'trap "" CHLD; echo ready; exec cat >/dev/null' 2>"$0/unshare.log"
[ -n "$KEEP" ] || rm -rf -- "$0" """
START_S = 10.0
END_S = 10.0


class Process:
    """A program inside the lab; pid is the one seen from outside."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        self.popen = popen
        self.log: Path | None = None
        self._pid: int | None = None

    @property
    def pid(self) -> int:
        """The process id of the program itself, LabError when it has ended or never began."""
        end = time.monotonic() + START_S
        while self._pid is None:
            self._pid = _child(self.popen.pid)
            if self._pid is None:
                if self.popen.poll() is not None or time.monotonic() > end:
                    raise LabError(f"{self.popen.args!r} has ended.", "Look at its log.")
                time.sleep(0.005)
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.popen.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError, LabError):
                os.kill(self.pid, number)

    def stop(self, timeout: float = END_S) -> None:
        """Ask it to end, wait, and make it end if it does not."""
        self.send(signal.SIGTERM)
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)
        self.popen.wait(END_S)


class Space:
    """One set of user, network, mount and process namespaces around a working folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._init: subprocess.Popen[bytes] | None = None
        self._target = 0
        self._started: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Make the namespaces; LabError says what is missing or not permitted."""
        for program, package in NEEDED.items():
            if shutil.which(program, path=_path()) is None:
                raise LabError(f"The program {program} is missing.", f"Install the package {package}.")
        self._init = subprocess.Popen(
            ["sh", "-c", INIT, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": _path(), "KEEP": os.environ.get("LAB_KEEP", "")},
            start_new_session=True,
        )
        assert self._init.stdout is not None
        if self._init.stdout.readline() != b"ready\n":
            self.close()
            raise LabError(
                "The kernel did not permit new namespaces (unshare).",
                "Run as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1.",
            )
        self._target = _child(_child(self._init.pid) or 0) or 0
        self.run(None, ["sh", "-c", "mount -t tmpfs lab /run && mkdir -p /run/netns"])

    def popen(
        self,
        space: str | None,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int | IO[str] | None = subprocess.DEVNULL,
        stdout: int | IO[str] | None = None,
        stderr: int | IO[str] | None = None,
        session: bool = True,
    ) -> Process:
        """Start a program in one of the network namespaces (None: the one around them)."""
        if self._init is None or self._init.poll() is not None:
            raise LabError("The lab is not running.", "Start it first.")
        enter = ["nsenter", "--target", str(self._target), "--user", "--preserve-credentials"]
        enter += ["--net", "--mount", "--pid", "--"]
        enter += ["ip", "netns", "exec", space] if space else []
        enter += ["env", f"--chdir={cwd or self.folder}", *argv]
        whole = {"PATH": _path(), "LANG": "C.UTF-8", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        whole |= env or {}
        popen = subprocess.Popen(
            enter, env=whole, stdin=stdin, stdout=stdout, stderr=stderr, text=True, start_new_session=session
        )
        self._started.append(popen)
        return Process(popen)

    def run(
        self,
        space: str | None,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        input: str = "",
        timeout: float = 30.0,
        check: bool = True,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end; LabError when it fails (with check), TimeoutExpired when late."""
        pipe = subprocess.PIPE
        process = self.popen(space, argv, env=env, cwd=cwd, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            out, err = process.popen.communicate(input, timeout)
        except BaseException:
            process.kill()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.popen.pid, signal.SIGKILL)
            raise
        done = subprocess.CompletedProcess(list(argv), process.popen.returncode, out, err)
        if check and done.returncode:
            raise LabError(f"{argv[0]} failed in the lab: {(err or out).strip()[-600:]}")
        return done

    def close(self) -> None:
        """End everything inside and remove the folder; harmless when called again."""
        if self._init is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        assert self._init.stdin is not None and self._init.stdout is not None
        with contextlib.suppress(OSError):
            self._init.stdin.close()
        self._init.wait(END_S)
        self._init.stdout.close()
        for popen in self._started:
            popen.wait(END_S)
            for pipe in (popen.stdin, popen.stdout, popen.stderr):
                if pipe is not None:
                    pipe.close()


def _child(pid: int) -> int | None:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return None
    return int(children[0]) if children else None


def _path() -> str:
    return f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
