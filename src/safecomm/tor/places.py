"""Where a Tor that already runs is usually found."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from safecomm.core.address import UNIX, is_here, join, split
from safecomm.core.profile import TorSettings

WHONIX_MARK = Path("/usr/share/anon-ws-base-files")
WHONIX_GATEWAY = "10.152.152.10"
DEBIAN_SOCKETS = (Path("/run/tor/control"), Path("/var/run/tor/control"))


@dataclass(frozen=True, slots=True)
class Place:
    """A control endpoint, and the SOCKS address that goes with it (None: ask that Tor)."""

    control: str
    socks: str | None = None


def usual_places(settings: TorSettings, environment: Mapping[str, str]) -> tuple[Place, ...]:
    """The profile's own endpoint and no other, else what the environment names, else the usual ones.

    Variables are those of Tor Browser and Whonix: TOR_CONTROL_IPC_PATH, TOR_CONTROL_HOST,
    TOR_CONTROL_PORT, TOR_SOCKS_HOST, TOR_SOCKS_PORT. A SOCKS port that is a file
    (TOR_SOCKS_IPC_PATH) is not used: the same Tor is asked for one on loopback.
    """
    if settings.control:
        return (Place(settings.control, settings.socks),)
    socks = settings.socks or _named(environment, "TOR_SOCKS")
    path = environment.get("TOR_CONTROL_IPC_PATH")
    named = f"{UNIX}{path}" if path else _named(environment, "TOR_CONTROL")
    if named:
        return (Place(named, socks),)
    places = [Place(f"{UNIX}{path}", socks) for path in _distinct(DEBIAN_SOCKETS)]
    places += [Place("127.0.0.1:9051", socks), Place("127.0.0.1:9151", socks)]
    if WHONIX_MARK.is_dir():
        places.append(Place(join(WHONIX_GATEWAY, 9051), socks or join(WHONIX_GATEWAY, 9050)))
    return tuple(places)


def is_near(place: Place) -> bool:
    """Whether asking there sends nothing to the network: this computer, or a Whonix workstation's gateway."""
    return all(stays_near(address) for address in (place.control, place.socks) if address)


def stays_near(address: str) -> bool:
    """The same for one socket address."""
    return is_here(address) or _is_gateway(address)


def _is_gateway(address: str) -> bool:
    try:
        return WHONIX_MARK.is_dir() and ip_address(split(address)[0]).is_private
    except ValueError:
        return False


def _named(environment: Mapping[str, str], prefix: str) -> str | None:
    port = environment.get(f"{prefix}_PORT", "")
    address = port if ":" in port else join(environment.get(f"{prefix}_HOST", "127.0.0.1"), _port(port))
    try:
        split(address)
    except ValueError:
        return None
    return address


def _port(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _distinct(paths: tuple[Path, ...]) -> list[Path]:
    return list({os.path.realpath(path): path for path in paths if path.exists()}.values())
