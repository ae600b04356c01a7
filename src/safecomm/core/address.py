"""Socket addresses as text: "host:port", "[v6]:port" or "unix:/path"."""

from ipaddress import ip_address
from pathlib import Path

UNIX = "unix:"


def split(address: str) -> tuple[str, int]:
    """Host and port of "host:port" or "[v6]:port"; ValueError if it is neither."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(address)
    host = host.removeprefix("[").removesuffix("]")
    return ("127.0.0.1" if host == "localhost" else host), int(port)


def join(host: str, port: int) -> str:
    """The reverse of split."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def unix_path(address: str) -> Path | None:
    """The path of "unix:/path", else None."""
    return Path(address.removeprefix(UNIX)) if address.startswith(UNIX) else None


def covers(listener: str, address: str) -> bool:
    """Whether a socket bound to listener is the one that answers at address (wildcards included)."""
    if listener == address:
        return bool(listener)
    try:
        bound, bound_port = split(listener)
        host, port = split(address)
        bound_ip, host_ip = ip_address(bound), ip_address(host)
    except ValueError:
        return False
    if bound_port != port:
        return False
    return bound_ip == host_ip or (bound_ip.is_unspecified and host_ip.is_loopback)


def is_here(address: str) -> bool:
    """Whether what is sent to this socket address stays on this computer."""
    if unix_path(address) is not None:
        return True
    try:
        return ip_address(split(address)[0]).is_loopback
    except ValueError:
        return False


def plain(address: str) -> str:
    """An address in its one spelling, without brackets and scope, IPv4 inside IPv6 as IPv4; or ValueError."""
    parsed = ip_address(address.partition("%")[0].strip("[]"))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
