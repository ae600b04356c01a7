"""The JSON Schemas of what the program reads and writes."""

import json
from importlib.resources import files
from typing import Any

NAMES = ("report", "profile", "key", "message")


def schema_text(name: str) -> str:
    """The schema's file; name is one of NAMES."""
    return files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")


def schema(name: str) -> Any:
    """The schema as JSON data."""
    return json.loads(schema_text(name))
