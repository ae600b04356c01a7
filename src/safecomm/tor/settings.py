"""Tor's settings as its control port tells them."""

from collections.abc import Mapping


def parse_settings(config_text: str) -> Mapping[str, tuple[str, ...]]:
    """GETINFO config-text: one "Option value" a line, repeated options in order."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in config_text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name and not name.startswith("#"):
            settings[name] = (*settings.get(name, ()), value.strip())
    return settings


def parse_listeners(answer: str) -> tuple[str, ...]:
    """GETINFO net/listeners/*: quoted addresses, separated by spaces (control-spec, section 3.9)."""
    return tuple(part for part in answer.replace('" "', "\n").strip().strip('"').split("\n") if part)
