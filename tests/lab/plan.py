"""Who lives where in the lab: addresses that look public, names, ports."""

from dataclasses import dataclass
from enum import Enum

DOMAIN = "safe-lab.test"
OR_PORT = 9001
DIR_PORT = 9030
OBFS4_PORT = 8443
SOCKS = "127.0.0.1:9050"
CONTROL = "127.0.0.1:9051"
BEHAVIOURS = ("rubbish", "silence", "endless_line")


class Role(Enum):
    """What a Tor node is for."""

    AUTHORITY = "authority"
    RELAY = "relay"
    EXIT = "exit"
    BRIDGE = "bridge"
    ONION = "onion"


@dataclass(frozen=True, slots=True)
class Node:
    """One Tor node: its nickname, address, role and the namespace that it lives in."""

    name: str
    address: str
    role: Role
    space: str = "relays"


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between the router and a namespace: both ends, with prefix lengths."""

    space: str
    router: str
    end: str
    router6: str
    end6: str


@dataclass(frozen=True, slots=True)
class Site:
    """One web service with addresses of its own; port 443 speaks TLS."""

    name: str
    address: str
    address6: str
    port: int = 443

    @property
    def host(self) -> str:
        """Its full name in the lab's DNS."""
        return f"{self.name}.{DOMAIN}"

    @property
    def url(self) -> str:
        """The page that it answers."""
        return f"https://{self.host}/"


NODES = (
    Node("auth1", "37.218.245.14", Role.AUTHORITY),
    Node("auth2", "45.66.33.45", Role.AUTHORITY),
    Node("auth3", "66.111.2.131", Role.AUTHORITY),
    Node("relay1", "51.15.40.38", Role.RELAY),
    Node("relay2", "62.210.97.21", Role.RELAY),
    Node("relay3", "78.47.18.110", Role.RELAY),
    Node("relay4", "94.130.10.251", Role.RELAY),
    Node("exit1", "109.70.100.2", Role.EXIT, "exit1"),
    Node("exit2", "171.25.193.20", Role.EXIT, "exit2"),
    Node("exit3", "199.249.230.64", Role.EXIT, "exit3"),
    Node("bridge1", "146.57.248.225", Role.BRIDGE),
    Node("onion1", "116.202.120.165", Role.ONION, "web"),
)
LINKS = (
    Link("client", "91.64.12.1/24", "91.64.12.34/24", "2a02:8109:9a40:1::1/64", "2a02:8109:9a40:1::34/64"),
    Link("relays", "185.220.101.1/24", "185.220.101.2/24", "2a0b:f4c2:1::1/64", "2a0b:f4c2:1::2/64"),
    # An exit has a namespace of its own, so that the DNS server too sees the exit's address.
    Link("exit1", "109.70.100.1/24", "109.70.100.2/24", "2a03:e600:100::1/64", "2a03:e600:100::2/64"),
    Link("exit2", "171.25.193.1/24", "171.25.193.20/24", "2001:67c:289c::1/64", "2001:67c:289c::20/64"),
    Link("exit3", "199.249.230.1/24", "199.249.230.64/24", "2620:7:6001::1/64", "2620:7:6001::64/64"),
    Link("web", "5.9.158.1/24", "5.9.158.2/24", "2a01:4f8:190::1/64", "2a01:4f8:190::2/64"),
)
CLIENT_ADDRESS = "91.64.12.34"
CLIENT_ADDRESS6 = "2a02:8109:9a40:1::34"
DNS_ADDRESS = "80.67.169.12"
DNS_ADDRESS6 = "2a01:4f8:191::53"
SITES = (
    Site("check", "116.202.120.181", "2a01:4f8:191::1"),
    Site("ip1", "34.117.59.81", "2a01:4f8:191::2"),
    Site("ip2", "104.26.12.205", "2a01:4f8:191::3"),
    Site("publish", "151.101.65.140", "2a01:4f8:191::4"),
    Site("dnsleak", "23.94.146.38", "2a01:4f8:191::5"),
)
ONION_PAGE = Site("onion", "127.0.0.1", "::1", 8081)


def nodes(*roles: Role) -> tuple[Node, ...]:
    """The nodes with one of these roles."""
    return tuple(node for node in NODES if node.role in roles)


def site(name: str) -> Site:
    """The web service of that name; KeyError when there is none."""
    return {each.name: each for each in (*SITES, ONION_PAGE)}[name]


def endpoints() -> frozenset[tuple[str, int]]:
    """Every address and port where a Tor client may knock."""
    open_ports = {
        Role.AUTHORITY: (OR_PORT, DIR_PORT),
        Role.RELAY: (OR_PORT,),
        Role.EXIT: (OR_PORT,),
        Role.BRIDGE: (OR_PORT, OBFS4_PORT),
        Role.ONION: (),
    }
    return frozenset((node.address, port) for node in NODES for port in open_ports[node.role])
