"""First words with a control port, before stem trusts it: bounded in time and size."""

import socket
import time

from safecomm.core.address import split, unix_path
from safecomm.tor.failure import TorFailure

LIMIT = 8192
PATIENCE_S = 3.0


def greet(endpoint: str) -> None:
    """Ask PROTOCOLINFO and throw the answer away; TorFailure unless it reads like Tor's.

    control-spec, section 3.21. It needs no authentication and may be asked again on the next
    connection, so that a port which floods, stalls or babbles never reaches the real parser.
    """
    deadline = time.monotonic() + PATIENCE_S
    try:
        with connect(endpoint) as connection:
            connection.sendall(b"PROTOCOLINFO 1\r\n")
            _read(connection, deadline)
    except FileNotFoundError as error:
        raise TorFailure("refused") from error
    except ConnectionRefusedError as error:
        raise TorFailure("refused") from error
    except TimeoutError as error:
        raise TorFailure("no_answer") from error
    except PermissionError as error:
        raise TorFailure("no_permission") from error
    except OSError as error:
        raise TorFailure("unreachable", type(error).__name__) from error


def connect(endpoint: str) -> socket.socket:
    """A connected stream socket; names are never resolved (a host that is no address is refused)."""
    path = unix_path(endpoint)
    family = socket.AF_UNIX if path else _family(split(endpoint)[0])
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE_S)
    try:
        connection.connect(str(path) if path else split(endpoint))
    except BaseException:
        connection.close()
        raise
    return connection


def _family(host: str) -> socket.AddressFamily:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return family
    raise TorFailure("unreachable", "no address")


def _read(connection: socket.socket, deadline: float) -> None:
    answer = b""
    while not _complete(answer):
        left = deadline - time.monotonic()
        if left <= 0 or len(answer) > LIMIT:
            raise TorFailure("no_answer" if not answer else "not_tor")
        connection.settimeout(left)
        piece = connection.recv(LIMIT)
        if not piece:
            raise TorFailure("not_tor")
        answer += piece
        if not b"250-PROTOCOLINFO ".startswith(answer[:17]):
            raise TorFailure("not_tor")


def _complete(answer: bytes) -> bool:
    return answer.endswith(b"\r\n") and b"\r\n250 OK" in answer
