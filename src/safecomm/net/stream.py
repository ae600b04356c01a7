"""One stream through a SOCKS port; names go to the proxy as they are, never to a resolver."""

import socket
from dataclasses import dataclass
from ipaddress import ip_address

import socks

from safecomm.core.address import split
from safecomm.core.world import Step
from safecomm.net.leash import Leash

# RFC 1928 section 6, and Tor's own codes for onion services (socks-extensions, proposal 304).
REPLIES = {
    "0x01": (Step.CONNECT, "failed"),
    "0x02": (Step.CONNECT, "exit_policy"),
    "0x03": (Step.CONNECT, "unreachable"),
    "0x04": (Step.RESOLVE, "failed"),
    "0x05": (Step.CONNECT, "refused"),
    "0x06": (Step.CONNECT, "timed_out"),
    "0xf": (Step.CONNECT, "onion_down"),
}


class Broken(Exception):
    """A step of asking through Tor that did not work, and why (see core.world.Answer)."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Credentials:
    """A SOCKS user name and password: streams that share them share a circuit, others never do."""

    user: str
    password: str


def open_stream(
    proxy: str, host: str, port: int, credentials: Credentials, timeout_s: float, leash: Leash
) -> socket.socket:
    """A connected socket to host (a name or an address) through the proxy "host:port"; else Broken."""
    proxy_host, proxy_port = split(proxy)
    family = socket.AF_INET6 if ip_address(proxy_host).version == 6 else socket.AF_INET
    stream: socket.socket = socks.socksocket(family, socket.SOCK_STREAM)
    try:
        leash.hold(stream)
        stream.set_proxy(  # type: ignore[attr-defined]
            socks.SOCKS5, proxy_host, proxy_port, True, credentials.user, credentials.password
        )
        stream.settimeout(timeout_s)
        stream.connect((host, port))
    except OSError as error:
        stream.close()
        raise _broken(error, leash) from error
    except UnicodeError as error:
        stream.close()
        raise Broken(Step.RESOLVE, "failed") from error
    except BaseException:
        stream.close()
        raise
    return stream


def _broken(error: OSError, leash: Leash) -> Broken:
    """PySocks wraps every error of the negotiation, its own too, in a GeneralProxyError."""
    inner = error.socket_err if isinstance(error, socks.ProxyError) and error.socket_err else error
    if leash.was_cut or isinstance(inner, TimeoutError):
        return Broken(Step.CONNECT, "timed_out")
    if isinstance(error, socks.ProxyConnectionError):
        return Broken(Step.SOCKS, "refused")
    if not isinstance(inner, socks.SOCKS5Error):
        return Broken(Step.SOCKS, "not_socks")
    meaning = (each for code, each in REPLIES.items() if code in str(inner))
    return Broken(*next(meaning, (Step.CONNECT, "failed")))
