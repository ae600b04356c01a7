"""Tor's settings as harmless words: no address of a relay or a bridge, no path, no secret."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

Words = tuple[str, ...]
Read = Callable[[str], Words]

PLAIN = re.compile(r"[a-z0-9_.+-]{1,24}( [a-z]{1,12})?", re.IGNORECASE)
COUNTRY = re.compile(r"\{(\w\w|\?\?)\}")
FLAG = re.compile(r"[A-Za-z0-9]{1,32}(=-?\d{1,9})?")
LEVELS = ("debug", "info", "notice", "warn", "err")
KINDS = ("file", "syslog", "android", "stdout", "stderr")


@dataclass(frozen=True, slots=True)
class Setting:
    """One option and what its values say, in words that give nobody away."""

    option: str
    words: Words


def plain(value: str) -> Words:
    """A number, a switch or a length of time as it is; anything else as "?"."""
    return (value if PLAIN.fullmatch(value) else "?",)


def present(value: str) -> Words:
    """Only that it is there."""
    return ("set",) if value else ()


def ports(value: str) -> Words:
    """A list of ports."""
    return tuple(port.strip() for port in value.split(",") if port.strip().isdecimal())


def nodes(value: str) -> Words:
    """A list of relays: countries by name, each relay or range of addresses as "relay"."""
    items = [item.strip() for item in value.split(",") if item.strip()]
    return tuple(item.lower() if COUNTRY.fullmatch(item) else "relay" for item in items)


def door(value: str) -> Words:
    """A port that programs use: off, local, unix or open, and its flags."""
    value = value.strip()
    if value.lower().startswith(("unix:", '"unix:', "/", '"/')):
        end = value.find('"', value.find('"') + 1) if '"' in value else value.find(" ")
        where, rest = "unix", value[end + 1 :] if end >= 0 else ""
    else:
        first, _, rest = value.partition(" ")
        where = _where(first)
    return (" ".join([where, *(flag for flag in rest.split() if FLAG.fullmatch(flag))]),)


def _where(place: str) -> str:
    if place == "0":
        return "off"
    host, colon, _ = place.rpartition(":")
    return "local" if not colon or is_local(host) else "open"


def is_local(host: str) -> bool:
    """Whether only this computer can reach a listener bound to that address."""
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def log(value: str) -> Words:
    """How much is logged and where to: "debug file"."""
    words = value.lower().split()
    kind = next((word for word in words if word in KINDS), "stdout")
    ranges = words[: words.index(kind)] if kind in words else words
    levels = [level for level in LEVELS for word in ranges if word.rpartition("]")[2].startswith(level)]
    return (f"{min(levels, key=LEVELS.index, default='notice')} {kind}",)


def mapped(value: str) -> Words:
    """What MapAddress leads to: an "exit" of its own choice, or another "address"."""
    return ("exit" if value.lower().endswith(".exit") else "address",)


def reach(value: str) -> Words:
    """Which ways in are left: at any address, or only at some."""
    return tuple(
        "any" if item.strip().lower().removeprefix("accept").strip().startswith("*") else "some"
        for item in value.split(",")
        if item.strip() and not item.strip().lower().startswith("reject")
    )


DOORS = ("SocksPort", "HTTPTunnelPort", "TransPort", "NATDPort", "DNSPort")
CONTROL_DOORS = ("ControlPort", "ControlSocket")
SPECIAL: tuple[tuple[Read, tuple[str, ...]], ...] = (
    (door, (*DOORS, *CONTROL_DOORS, "ORPort", "DirPort", "MetricsPort")),
    (nodes, ("ExitNodes", "EntryNodes", "MiddleNodes", "HSLayer2Nodes", "HSLayer3Nodes")),
    (nodes, ("ExcludeNodes", "ExcludeExitNodes")),
    (reach, ("ReachableAddresses", "ReachableORAddresses")),
    (
        present,
        ("DirAuthority", "DirServer", "AlternateDirAuthority", "AlternateBridgeAuthority", "FallbackDir"),
    ),
    (present, ("Socks4Proxy", "Socks5Proxy", "HTTPSProxy", "HTTPProxy", "TCPProxy")),
    (present, ("TrackHostExits", "HashedControlPassword")),
    (mapped, ("MapAddress",)),
    (log, ("Log",)),
    (ports, ("LongLivedPorts",)),
)
READERS: Mapping[str, Read] = {name.lower(): read for read, names in SPECIAL for name in names}


def read_settings(options: Mapping[str, Sequence[str]], known: Collection[str]) -> tuple[Setting, ...]:
    """Those options whose lower-case name is known, in Tor's spelling and order."""
    return tuple(
        Setting(option, tuple(word for value in values for word in READERS.get(option.lower(), plain)(value)))
        for option, values in options.items()
        if option.lower() in known
    )
