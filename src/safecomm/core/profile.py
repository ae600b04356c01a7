"""What an NGO preconfigures, as plain data."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from safecomm.core.policy import Policy
from safecomm.core.words import Use


@dataclass(frozen=True, slots=True)
class TorSettings:
    """How to reach Tor; control is "host:port" or "unix:/path", None means: look in the usual places."""

    mode: str = "auto"
    control: str | None = None
    socks: str | None = None
    use: Use | None = None
    password_file: Path | None = None
    private_network: bool = False
    options_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A page that is asked through Tor; ca_file, if given, is the only authority trusted for it."""

    url: str
    ca_file: Path | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the user publishes; spki_sha256 are base64 pins of the server's key."""

    url: str
    name: str = ""
    ca_file: Path | None = None
    spki_sha256: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile; sha256 is of the file's bytes (empty for a profile made in memory)."""

    name: str
    sha256: str = ""
    tor: TorSettings = field(default_factory=TorSettings)
    tor_check: tuple[Service, ...] = ()
    ip_echo: tuple[Service, ...] = ()
    onion: tuple[Service, ...] = ()
    dns_leak: tuple[Service, ...] = ()
    destinations: tuple[Destination, ...] = ()
    policy: Policy = field(default_factory=Policy)


def answered(profile: Profile, use: Use) -> Profile:
    """The profile with the user's answer to whether it may be seen that Tor is used."""
    return replace(
        profile,
        tor=replace(profile.tor, use=use),
        policy=replace(profile.policy, hidden=use is Use.HIDDEN),
    )
