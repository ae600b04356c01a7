"""The one folder that holds all the program keeps: mode 0700, easy to encrypt, move or destroy."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from safecomm.core.errors import SafeCommError
from safecomm.core.language import N_, tr
from safecomm.core.words import Use

ANSWER = "tor-use"
LONGEST = 64


def place() -> Path:
    """Where the folder is or would be: SAFECOMM_HOME, else the platform's data directory."""
    named = os.environ.get("SAFECOMM_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("safecomm")


def home() -> Path:
    """The folder, made private if need be; SafeCommError if it cannot be, or is everybody's."""
    folder = place()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = folder.stat()
        if hasattr(os, "getuid") and (seen.st_uid != os.getuid() or seen.st_mode & stat.S_ISVTX):
            raise PermissionError
        folder.chmod(0o700)
    except OSError as error:
        raise SafeCommError(
            tr(N_("The program's folder cannot be made or kept private: {folder}."), folder=folder),
            tr(N_("Free some space, or set SAFECOMM_HOME to a folder of your own.")),
        ) from error
    return folder


def write_private(name: str, text: str) -> Path:
    """Write a file of mode 0600 in the folder, whole or not at all."""
    folder = home()
    handle, written = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return Path(written).replace(folder / name)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(written).unlink()
        raise


def kept_use() -> Use | None:
    """The kept answer to "may it be seen that you use Tor?", None if there is none that reads well."""
    file = place() / ANSWER
    try:
        if not file.is_file():  # to open a pipe could take for ever
            return None
        with file.open(encoding="utf-8") as text:
            return Use(text.read(LONGEST).strip())
    except (OSError, ValueError):
        return None


def keep_use(use: Use) -> None:
    """Keep the answer; SafeCommError if it cannot be written."""
    try:
        write_private(ANSWER, f"{use.value}\n")
    except OSError as error:
        raise SafeCommError(
            tr(N_("Your answer could not be kept.")),
            tr(N_("Free some space; you will be asked again next time.")),
        ) from error
