"""Evidence as JSON: plain typed data in, plain JSON out."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from safecomm.core.finding import Json


def as_json(value: object) -> Json:
    """Frozen dataclasses as objects, times as ISO 8601 in UTC, bytes as their length."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return as_json(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return as_time(value)
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [as_json(v) for v in value]
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def as_time(value: datetime) -> str:
    """ISO 8601, UTC, whole seconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
