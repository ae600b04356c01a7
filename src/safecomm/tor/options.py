"""Extra options a profile may give to a Tor of our own: a short allowlist, others refused by name."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from safecomm.tor.failure import TorFailure

LIMIT = 65536
REACH = frozenset(
    name.lower()
    for name in (
        "UseBridges",
        "Bridge",
        "ClientTransportPlugin",
        "Socks4Proxy",
        "Socks5Proxy",
        "Socks5ProxyUsername",
        "Socks5ProxyPassword",
        "HTTPSProxy",
        "HTTPSProxyAuthenticator",
        "ReachableAddresses",
        "ReachableORAddresses",
        "FascistFirewall",
        "FirewallPorts",
        "ClientUseIPv4",
        "ClientUseIPv6",
        "ClientPreferIPv6ORPort",
        "ConnectionPadding",
        "DisableNetwork",
    )
)
PRIVATE = frozenset(
    name.lower()
    for name in (
        "DirAuthority",
        "DirServer",
        "FallbackDir",
        "AssumeReachable",
        "ClientBootstrapConsensusAuthorityDownloadInitialDelay",
        "ClientBootstrapConsensusFallbackDownloadInitialDelay",
        "ClientBootstrapConsensusAuthorityOnlyDownloadInitialDelay",
        "ClientBootstrapConsensusMaxInProgressTries",
        "ClientDNSRejectInternalAddresses",
        "ClientRejectInternalAddresses",
        "EnforceDistinctSubnets",
        "ExtendAllowPrivateAddresses",
        "MinUptimeHidServDirectoryV2",
        "PathsNeededToBuildCircuits",
        "TestingTorNetwork",
        "UseDefaultFallbackDirs",
        "V3AuthNIntervalsValid",
    )
)
PLUGINS = ("lyrebird", "obfs4proxy", "snowflake-client", "webtunnel-client", "conjure-client")
PLUGIN = "clienttransportplugin"
TRANSPORTS = re.compile(r"[a-z0-9_]+(,[a-z0-9_]+)*", re.ASCII)


def read_options(file: Path, private_network: bool) -> list[tuple[str, str]]:
    """Options and values of a torrc fragment, in order; TorFailure "options_refused" names the first bad one.

    A testing or authority option needs a profile of a private network. ClientTransportPlugin may
    name only a known transport program: "with_programs" looks it up.
    """
    try:
        with file.open(encoding="utf-8") as text:
            lines = text.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise TorFailure("options_refused", file.name) from error
    if len(lines) > LIMIT or "\0" in lines:
        raise TorFailure("options_refused", file.name)
    found = []
    for line in lines.splitlines():
        name, _, value = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        found.append((name, _allowed(name, value.strip(), private_network)))
    return found


def _allowed(name: str, value: str, private_network: bool) -> str:
    key = name.lower()
    testing = key in PRIVATE or key.startswith("testing")
    if key not in REACH and not (private_network and testing):
        raise TorFailure("options_refused", name[:60])
    if not value.isprintable() or value.endswith("\\"):
        raise TorFailure("options_refused", name[:60])
    return _plugin(value) if key == PLUGIN else value


def _plugin(value: str) -> str:
    transports, _, command = value.partition(" ")
    words = command.split()
    if not TRANSPORTS.fullmatch(transports) or len(words) != 2 or words[0] != "exec":
        raise TorFailure("options_refused", "ClientTransportPlugin")
    program = Path(words[1]).name
    if program not in PLUGINS:
        raise TorFailure("options_refused", f"ClientTransportPlugin {program[:40]}")
    return f"{transports} exec {program}"


def with_programs(options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same with the whole path of every transport program; TorFailure if one is not installed."""
    return [(name, _found(value) if name.lower() == PLUGIN else value) for name, value in options]


def _found(value: str) -> str:
    transports, exec_, program = value.split(" ")
    found = shutil.which(program)
    if found is None:
        raise TorFailure("options_refused", f"ClientTransportPlugin {program}")
    return f"{transports} {exec_} {found}"


def hides(options: list[tuple[str, str]]) -> bool:
    """Whether every way out is a bridge with a transport: bridges are on, and none is a plain one."""
    values = [(name.lower(), value) for name, value in options]
    bridges = [value.split()[:1] for name, value in values if name == "bridge"]
    on = dict(values).get("usebridges") == "1"
    return on and bool(bridges) and all(word and re.fullmatch(r"[a-z_]\w*", word[0]) for word in bridges)
