"""Tor's settings as its control port tells them."""

from collections.abc import Iterable, Mapping

Settings = Mapping[str, tuple[str, ...]]


def parse_settings(config_text: str) -> Settings:
    """GETINFO config-text: an "Option value" a line, repeated ones in order."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in config_text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name and not name.startswith("#"):
            settings[name] = (*settings.get(name, ()), value.strip())
    return settings


def parse_reply(lines: Iterable[str]) -> Settings:
    """GETCONF: "Option=value" a line, repeated ones in order; a bare "Option" has no value."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        if value:
            settings[name] = (*settings.get(name, ()), value)
    return settings


def unrecognized(lines: Iterable[str]) -> frozenset[str]:
    """The names, in lower case, that GETCONF does not know (control-spec, section 3.3: 552)."""
    return frozenset(line.split('"')[1].lower() for line in lines if line.count('"') == 2)


def parse_listeners(answer: str) -> tuple[str, ...]:
    """GETINFO net/listeners/*: quoted addresses, separated by spaces (control-spec, section 3.9)."""
    return tuple(part for part in answer.replace('" "', "\n").strip().strip('"').split("\n") if part)
