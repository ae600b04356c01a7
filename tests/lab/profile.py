"""Writes SafeComm profiles for the lab's client (TOML, schema 1)."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Table = Mapping[str, object]


def to_toml(top: Table, tables: Mapping[str, Table], arrays: Mapping[str, Sequence[Table]]) -> str:
    """A TOML document: plain keys, then tables, then arrays of tables; a value None is left out."""
    blocks = [_pairs(top)]
    blocks += [f"[{name}]\n{_pairs(table)}" for name, table in tables.items() if table]
    blocks += [f"[[{name}]]\n{_pairs(table)}" for name, each in arrays.items() for table in each]
    return "\n\n".join(blocks) + "\n"


def _pairs(table: Table) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in table.items() if value is not None)


def _value(value: object) -> str:
    # Strings, numbers, booleans and lists of them look the same in JSON and in TOML.
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )
