"""No setting of this session leads programs around Tor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from safecomm.core.address import covers, join
from safecomm.core.check import Cause, Check, Judgement, always, because
from safecomm.core.language import N_
from safecomm.core.policy import Policy
from safecomm.core.words import Footprint, Status
from safecomm.core.world import World

WHAT = "all http https ftp ftps socks socks4 socks5 rsync ws wss gopher auto npm_config npm_config_https"
NAMES = frozenset({*(f"{what}_proxy" for what in WHAT.split()), "socks_server", "socks5_server"})
EXEMPTIONS = frozenset({"no_proxy", "npm_config_noproxy"})
# curl's words: in these two the proxy resolves names, in the others the program may (curl(1), --proxy).
BY_PROXY = frozenset({"socks5h", "socks4a"})
BY_PROGRAM = frozenset({"socks", "socks4", "socks5", ""})
OTHERS = frozenset({"http", "https"})
LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", ".localhost"})


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy variable: where it leads ("host:port", "?" if unreadable) and how; never its password."""

    name: str
    scheme: str
    address: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """An entry of a NO_PROXY variable: all, destination, local or other."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Environment:
    """socks: this Tor's own port, empty if it is not known. proxies is None if nothing was read."""

    socks: str = ""
    proxies: tuple[Proxy, ...] | None = None
    exemptions: tuple[Exemption, ...] = ()


async def look(world: World) -> Environment:
    """Read the variables that programs of this session inherit; nothing is sent."""
    variables = {name: value.strip() for name, value in world.environment().items() if value.strip()}
    hosts = [urlsplit(place.url).hostname or "" for place in world.profile.destinations]
    proxies = [_proxy(name, value) for name, value in variables.items() if name.lower() in NAMES]
    exemptions = [
        Exemption(name, _exempts(entry, hosts))
        for name, value in variables.items()
        if name.lower() in EXEMPTIONS
        for entry in value.replace(",", " ").split()
    ]
    return Environment(world.socks, tuple(proxies), tuple(dict.fromkeys(exemptions)))


def _proxy(name: str, value: str) -> Proxy:
    """Read strictly: what one program may read differently from another is not read at all."""
    try:
        url = urlsplit(value if "://" in value else f"//{value}")
        host, port = url.hostname or "", url.port
    except ValueError:
        return Proxy(name, "?", "?")
    if not value.isprintable() or " " in value or "\\" in value or ("@" in value and "@" not in url.netloc):
        return Proxy(name, "?", "?")
    scheme = url.scheme if url.scheme in BY_PROXY | BY_PROGRAM | OTHERS else "?"
    return Proxy(name, scheme, join(host, port) if host and port else host or "?")


def _exempts(entry: str, hosts: Iterable[str]) -> str:
    """What an entry exempts, read as widely as any program reads it."""
    entry = entry.lower()
    if not entry.strip("*."):
        return "all"
    name = entry if entry.count(":") > 1 and "]" not in entry else entry.split("]")[0].lstrip("[")
    name = name.rpartition(":")[0] or name if name.count(":") == 1 else name
    if any(host and _covers(name, host.lower()) for host in hosts):
        return "destination"
    return "local" if _is_local(name) else "other"


def _covers(name: str, host: str) -> bool:
    try:
        return ip_address(host) in ip_network(name, strict=False)
    except ValueError:
        return host.endswith(name.lstrip("*.")) or host == name


def _is_local(name: str) -> bool:
    try:
        return ip_network(name, strict=False).is_loopback
    except ValueError:
        return name.removeprefix("*") in LOCAL_NAMES


def judge(seen: Environment, policy: Policy) -> Sequence[Judgement]:
    """Only a variable that hands names and traffic to this Tor's own port is good."""
    if seen.proxies is None:
        return because("not_read")
    if seen.proxies and not seen.socks:
        return because("tor_unknown", variable=seen.proxies[0].name)
    problems: list[Judgement] = []
    for proxy in seen.proxies:
        if not _is_this_tor(proxy.address, seen.socks) or proxy.scheme not in BY_PROXY | BY_PROGRAM:
            problems += because("elsewhere", variable=proxy.name)
        elif proxy.scheme in BY_PROGRAM:
            problems += because("names_leak", variable=proxy.name, socks=seen.socks)
    for exemption in seen.exemptions:
        if exemption.what != "local":
            problems += because(f"exempts_{exemption.what}", variable=exemption.name)
    return problems or because("ok")


def _is_this_tor(address: str, socks: str) -> bool:
    """Same port of the same address; localhost is whichever loopback address Tor listens on."""
    host, _, port = address.rpartition(":")
    if host == "localhost":
        return any(covers(socks, f"{loopback}:{port}") for loopback in ("127.0.0.1", "[::1]"))
    return covers(socks, address)


def _leads(scheme: str, address: str, *exemptions: str) -> Environment:
    entries = tuple(Exemption("NO_PROXY", what) for what in exemptions)
    return Environment("127.0.0.1:9050", (Proxy("ALL_PROXY", scheme, address),), entries)


UNSET = N_("Close your programs, remove the variable {variable}, and start this session again.")

CHECK = Check(
    id="leaks.environment",
    sentence=__doc__,
    footprint=Footprint.NONE,
    required=always,
    look=look,
    judge=judge,
    causes={
        "ok": Cause(Status.PASS, N_("No setting of this session leads programs around Tor.")),
        "not_read": Cause(
            Status.UNKNOWN,
            N_("The settings of this session could not be read."),
            N_("Check again, from the account with which you publish."),
            "start#proxy-settings",
        ),
        "tor_unknown": Cause(
            Status.UNKNOWN,
            N_("The variable {variable} leads programs through a proxy. Whether that is Tor is not known."),
            N_("Start Tor and check again, or remove the variable."),
            "start#proxy-settings",
        ),
        "elsewhere": Cause(
            Status.FAIL,
            N_("The variable {variable} leads your programs to a proxy that is not this Tor."),
            UNSET,
            "start#proxy-settings",
        ),
        "names_leak": Cause(
            Status.FAIL,
            N_("With the variable {variable}, programs may ask for the names of sites outside Tor."),
            N_("Set {variable} to socks5h://{socks} instead, and start your programs again."),
            "start#proxy-settings",
        ),
        "exempts_all": Cause(
            Status.FAIL,
            N_("The variable {variable} leads programs around every proxy, and so around Tor."),
            UNSET,
            "start#proxy-settings",
        ),
        "exempts_destination": Cause(
            Status.FAIL,
            N_("The variable {variable} leads programs around Tor to the place where you publish."),
            UNSET,
            "start#proxy-settings",
        ),
        "exempts_other": Cause(
            Status.WARN,
            N_("The variable {variable} leads programs around Tor to some places."),
            N_("Take all but localhost out of it, or do not go to those places while you publish."),
            "start#proxy-settings",
        ),
    },
    examples={
        "ok": _leads("socks5h", "localhost:9050", "local"),
        "not_read": Environment(),
        "tor_unknown": Environment("", (Proxy("HTTPS_PROXY", "socks5h", "127.0.0.1:9050"),)),
        "elsewhere": _leads("http", "proxy.example.org:3128"),
        "names_leak": _leads("socks5", "127.0.0.1:9050"),
        "exempts_all": _leads("socks5h", "127.0.0.1:9050", "all"),
        "exempts_destination": _leads("socks5h", "127.0.0.1:9050", "destination"),
        "exempts_other": _leads("socks5h", "127.0.0.1:9050", "other"),
    },
    blind=Environment(),
)
