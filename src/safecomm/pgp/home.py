"""The keyring's folder: private, with a path short enough for the agent's socket, its agent ended with us."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safecomm.core.errors import SafeCommError
from safecomm.core.language import N_, tr

LONGEST = 80  # of a folder's path in bytes: the socket's name beside it must fit into sun_path (unix(7))
AGENT = """\
s2k-count 65011712
default-cache-ttl 0
max-cache-ttl 0
no-allow-external-cache
allow-loopback-pinentry
"""


@contextmanager
def own_home(folder: Path) -> Iterator[Path]:
    """SafeComm's own GNUPGHOME in this folder, by a short path; its agent ends with the last user of it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        conf = folder / "gpg-agent.conf"
        if not conf.exists():
            conf.write_text(AGENT, encoding="ascii")
        users = (folder / "in-use").open("w", encoding="ascii")
    except OSError as error:
        raise SafeCommError(
            tr(
                N_("The keyring's folder cannot be used: {kind}."),
                kind=error.strerror or type(error).__name__,
            ),
            tr(N_("Free some space, or set SAFECOMM_HOME to a folder of your own.")),
        ) from error
    with users, _short(folder) as short:
        _lock(users.fileno(), shared=True)
        try:
            yield short
        finally:
            if _lock(users.fileno(), shared=False):
                _end_agent(short)


@contextmanager
def _short(folder: Path) -> Iterator[Path]:
    if len(os.fsencode(folder)) <= LONGEST:
        yield folder
        return
    holder = Path(tempfile.mkdtemp(prefix="safecomm-"))
    try:
        link = holder / "k"
        link.symlink_to(folder.absolute(), target_is_directory=True)
        yield link
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _lock(descriptor: int, *, shared: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _end_agent(home: Path) -> None:
    program = shutil.which("gpgconf")
    if program is not None:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [program, "--homedir", str(home), "--kill", "gpg-agent"],
                capture_output=True,
                timeout=10,
                check=False,
            )


@contextmanager
def scratch_home() -> Iterator[Path]:
    """An empty GNUPGHOME in memory where there is such a folder, for looking at keys without keeping them."""
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="safecomm-", dir=place) as folder:
        yield Path(folder)
