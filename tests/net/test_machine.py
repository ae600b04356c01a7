"""What this computer's own tables show of real sockets."""

import os
import socket
import subprocess
import sys

from safecomm.core.world import Connection
from safecomm.net.machine import open_connections, own_addresses

CHILD = (
    "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
    " print('open', flush=True); sys.stdin.read()"
)


def find(connections: tuple[Connection, ...], port: int, pid: int) -> Connection:
    return next(c for c in connections if c.port == port and c.pid == pid)


def test_a_programs_connection_is_seen_with_its_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            seen = find(open_connections(None), port, child.pid)
            assert (seen.remote, seen.protocol, seen.tors) == ("127.0.0.1", "tcp", False)
            assert "python" in seen.program
            assert find(open_connections(child.pid), port, child.pid).tors
            assert find(open_connections(os.getpid()), port, child.pid).tors, "a child is of the family"
            child.communicate()


def test_a_connected_udp_socket_is_seen() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", 9))
        seen = find(open_connections(None), 9, os.getpid())
        assert seen.protocol == "udp"


def test_a_tor_that_is_gone_owns_nothing() -> None:
    assert not any(c.tors for c in open_connections(2**22 + 1))


def test_own_addresses_are_never_loopback() -> None:
    assert not {"127.0.0.1", "::1"} & set(own_addresses())
