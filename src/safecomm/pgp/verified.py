"""Which keys the user has compared with their owner, how and when: kept in a private file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from safecomm.core.errors import SafeCommError
from safecomm.core.evidence import as_time
from safecomm.core.language import N_, tr
from safecomm.home import place, write_private

FILE = "verified.json"
HOW = ("in-person", "voice", "video", "writing", "qr", "other")


@dataclass(frozen=True, slots=True)
class Verified:
    """how: one of HOW; at: when, UTC."""

    how: str
    at: datetime


def read_verified() -> Mapping[str, Verified]:
    """By fingerprint. A file that cannot be read is an error, never an empty answer."""
    file = place() / FILE
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return {fingerprint: _entry(entry) for fingerprint, entry in entries.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SafeCommError(
            tr(N_("The record of the keys that you have verified cannot be read.")),
            tr(N_("Restore it from a backup, or remove {file} and verify again."), file=file),
        ) from error


def keep_verified(fingerprint: str, verified: Verified | None) -> None:
    """Record, or with None forget."""
    entries = {**read_verified()}
    entries.pop(fingerprint, None)
    if verified is not None:
        entries[fingerprint] = verified
    text = json.dumps({f: {"how": v.how, "at": as_time(v.at)} for f, v in entries.items()}, indent=1)
    try:
        write_private(FILE, text)
    except OSError as error:
        raise SafeCommError(
            tr(N_("The record could not be kept.")), tr(N_("Free some space, then try again."))
        ) from error


def _entry(entry: Mapping[str, str]) -> Verified:
    if entry["how"] not in HOW:
        raise ValueError
    return Verified(entry["how"], datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
