"""What each Tor of the lab is told in its configuration file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.plan import CONTROL, DIR_PORT, DOMAIN, OBFS4_PORT, OR_PORT, SOCKS, Node, Role, nodes

INTERVAL_S = 20
FIRST_INTERVAL_S = 10


@dataclass(frozen=True, slots=True)
class Network:
    """What nodes must agree on: authorities, the phase of votes, seconds to the first consensus."""

    authorities: tuple[str, ...]
    offset_s: int
    patience_s: int
    folder: Path


def testing(network: Network) -> list[str]:
    """The lines that make any Tor a member of this network and of no other."""
    return ["TestingTorNetwork 1", *network.authorities, "EnforceDistinctSubnets 1"]


def node_torrc(network: Network, node: Node, versions: str) -> str:
    """The torrc of a relay, authority, bridge or onion service."""
    lines = [
        *testing(network),
        f"DataDirectory {network.folder / node.name}",
        f"Nickname {node.name}",
        "Log notice stdout",
        "SocksPort 0",
        "ShutdownWaitLength 0",
        "NumCPUs 1",
        f"GeoIPFile {network.folder / 'no-geoip'}",
        f"GeoIPv6File {network.folder / 'no-geoip'}",
        f"OutboundBindAddress {node.address}",
    ]
    if node.role is not Role.ONION:
        lines += [f"Address {node.address}", f"ORPort {node.address}:{OR_PORT}", "AssumeReachable 1"]
        lines += ["ContactInfo lab@safe-lab.test", "DirCache 1"]
    if node.role in (Role.RELAY, Role.EXIT):
        # A relay that asks before there is a consensus backs off, and stays behind for up to a minute.
        lines.append(f"TestingServerConsensusDownloadInitialDelay {network.patience_s}")
    if node.role is Role.AUTHORITY:
        lines += _authority(network, node, versions)
    if node.role is Role.ONION:
        lines.remove("Log notice stdout")
    return "\n".join(lines + _role(network, node)) + "\n"


def _role(network: Network, node: Node) -> list[str]:
    folder = network.folder
    if node.role is Role.EXIT:
        return [
            "ExitRelay 1",
            "ExitPolicy accept *:*",
            f"ServerDNSResolvConfFile {folder / 'resolv.conf'}",
            "ServerDNSDetectHijacking 0",
            "ServerDNSAllowBrokenConfig 1",
            f"ServerDNSTestAddresses check.{DOMAIN}",
        ]
    if node.role is Role.BRIDGE:
        return [
            "BridgeRelay 1",
            "PublishServerDescriptor 0",
            "ExtORPort auto",
            "ExitPolicy reject *:*",
            "ServerTransportPlugin obfs4 exec /usr/bin/env obfs4proxy",
            f"ServerTransportListenAddr obfs4 {node.address}:{OBFS4_PORT}",
        ]
    if node.role is Role.ONION:
        log = "Log [rend]info [*,~rend]notice stdout"
        return [
            log,
            f"HiddenServiceDir {folder / node.name / 'service'}",
            "HiddenServicePort 80 127.0.0.1:8081",
        ]
    return ["ExitRelay 0", "ExitPolicy reject *:*"]


def _authority(network: Network, node: Node, versions: str) -> list[str]:
    guards = ",".join(each.address for each in nodes(Role.RELAY))
    lines = [
        f"DirPort {node.address}:{DIR_PORT}",
        "AuthoritativeDirectory 1",
        "V3AuthoritativeDirectory 1",
        f"V3AuthVotingInterval {INTERVAL_S}",
        "V3AuthVoteDelay 4",
        "V3AuthDistDelay 4",
        f"TestingV3AuthInitialVotingInterval {FIRST_INTERVAL_S}",
        "TestingV3AuthInitialVoteDelay 2",
        "TestingV3AuthInitialDistDelay 2",
        f"TestingV3AuthVotingStartOffset {network.offset_s}",
        "TestingAuthDirTimeToLearnReachability 0",
        f"TestingDirAuthVoteGuard {guards}",
        "TestingDirAuthVoteGuardIsStrict 1",
        "TestingDirAuthVoteHSDir *",
        f"V3BandwidthsFile {network.folder / 'bandwidths'}",
    ]
    lines += ["VersioningAuthoritativeDirectory 1", f"RecommendedClientVersions {versions}"]
    return [*lines, f"RecommendedServerVersions {versions}"]


CONTROLS = {
    "cookie": (f"ControlPort {CONTROL}", "CookieAuthentication 1"),
    "password": (f"ControlPort {CONTROL}",),
    "open": (f"ControlPort {CONTROL}",),
    "socket": ("CookieAuthentication 1",),
    "none": (),
}


def client_torrc(network: Network, control: str, changes: Sequence[str]) -> str:
    """The torrc of the user's own Tor; a line in changes takes the place of all with the same option name."""
    data = network.folder / "client"
    lines = [
        *testing(network),
        f"DataDirectory {data}",
        f"SocksPort {SOCKS}",
        "Log notice stdout",
        *CONTROLS[control],
    ]
    if control == "socket":
        lines.append(f"ControlSocket {data / 'control'}")
    changed = {line.split()[0].lower() for line in changes}
    kept = [line for line in lines if line.split()[0].lower() not in changed]
    return "\n".join([*kept, *changes]) + "\n"
