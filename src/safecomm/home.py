"""The one folder that holds all the program keeps: mode 0700, easy to encrypt, move or destroy."""

import contextlib
import os
import tempfile
from pathlib import Path

from safecomm.core.errors import SafeCommError
from safecomm.core.words import Use

ANSWER = "tor-use"


def place() -> Path:
    """Where the folder is or would be: SAFECOMM_HOME, else the platform's data directory."""
    named = os.environ.get("SAFECOMM_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("safecomm")


def home() -> Path:
    """The folder, made private if need be; SafeCommError if it cannot be."""
    folder = place()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise SafeCommError(
            f"The program's folder cannot be made or kept private: {folder}.",
            "Free some space, or set SAFECOMM_HOME to a folder of your own.",
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
    try:
        return Use((place() / ANSWER).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def keep_use(use: Use) -> None:
    """Keep the answer; SafeCommError if it cannot be written."""
    try:
        write_private(ANSWER, f"{use.value}\n")
    except OSError as error:
        raise SafeCommError(
            "Your answer could not be kept.", "Free some space; you will be asked again next time."
        ) from error
