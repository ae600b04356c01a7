"""Tor's settings as its control port tells them."""

from collections.abc import Iterable, Mapping, Sequence

Settings = Mapping[str, tuple[str, ...]]
TIMES = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629728}
SIZES = {
    "byte": 1,
    "kbyte": 1 << 10,
    "kb": 1 << 10,
    "mbyte": 1 << 20,
    "mb": 1 << 20,
    "gbyte": 1 << 30,
    "gb": 1 << 30,
}
UNITS = {"": 1, "msec": 1, **TIMES, **SIZES}


def parse_settings(config_text: str, quoted: bool = False) -> Settings:
    """GETINFO config-text and config/defaults (quoted): an "Option value" a line, repeated ones in order."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in config_text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name and not name.startswith("#"):
            value = value.strip()
            settings[name] = (*settings.get(name, ()), value.strip('"') if quoted else value)
    return settings


def parse_reply(lines: Iterable[str]) -> Settings:
    """GETCONF: "Option=value" a line, repeated ones in order; a bare "Option" has no value."""
    settings: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        if value:
            settings[name] = (*settings.get(name, ()), value)
    return settings


def differing(in_force: Mapping[str, Sequence[str]], defaults: Mapping[str, Sequence[str]]) -> Settings:
    """The settings in force that are not Tor's defaults; GETCONF tells amounts in Tor's smallest unit."""
    return {
        name: tuple(values)
        for name, values in in_force.items()
        if [_amount(value) for value in values] != [_amount(value) for value in defaults.get(name, ())]
    }


def _amount(text: str) -> str | float:
    """ "10 minutes" as 600.0, "-1.0" as -1.0, and what is no amount as it is (tor(1), "units")."""
    number, _, unit = text.partition(" ")
    try:
        return float(number) * UNITS[unit.lower().rstrip("s")]
    except (ValueError, KeyError):
        return text


def parse_listeners(answer: str) -> tuple[str, ...]:
    """GETINFO net/listeners/*: quoted addresses, separated by spaces (control-spec, section 3.9)."""
    return tuple(part for part in answer.replace('" "', "\n").strip().strip('"').split("\n") if part)
