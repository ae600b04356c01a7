"""What this computer's own tables show of real sockets."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from safecomm.core.address import join
from safecomm.core.errors import NotTold
from safecomm.core.world import Connection
from safecomm.net.machine import open_connections, own_addresses

CHILD = (
    "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
    " door = socket.create_server(('127.0.0.1', 0));"
    " print('%s:%d' % door.getsockname(), flush=True); sys.stdin.read()"
)


@pytest.fixture
def door() -> Iterator[str]:
    """A port of this process, as if it were Tor's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield join(*server.getsockname())


def find(connections: tuple[Connection, ...], port: int, pid: int) -> Connection:
    return next(c for c in connections if c.port == port and c.pid == pid)


def test_a_programs_connection_is_seen_with_its_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            door = child.stdout.readline().decode().strip()
            for tor, its_door in ((child.pid, door), (os.getpid(), f"127.0.0.1:{port}")):
                seen = find(open_connections(tor, (its_door,)), port, child.pid)
                assert (seen.remote, seen.protocol) == ("127.0.0.1", "tcp")
                assert "python" in seen.program
                assert seen.tors, "Tor's own, or its child's"
            child.communicate()


def test_another_programs_connection_is_not_tors() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as here,
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(server.getsockname()[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as tor,
    ):
        assert tor.stdout is not None
        door = tor.stdout.readline().decode().strip()
        assert not find(open_connections(tor.pid, (door,)), here.getpeername()[1], os.getpid()).tors
        tor.communicate()


def test_a_connected_udp_socket_is_seen(door: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", 9))
        assert find(open_connections(os.getpid(), (door,)), 9, os.getpid()).protocol == "udp"


@pytest.mark.parametrize("pid", [1, 2**22 + 1], ids=["of another process", "of nobody"])
def test_a_number_that_is_not_tors_here_tells_nothing(pid: int, door: str) -> None:
    """A Tor in a container that shares our network says 1: here that is another program."""
    with pytest.raises(NotTold):
        open_connections(pid, (door,))


def test_a_tor_whose_doors_are_elsewhere_tells_nothing() -> None:
    for doors in ((), ("unix:/run/tor/control",), ("127.0.0.1:1",)):
        with pytest.raises(NotTold):
            open_connections(os.getpid(), doors)


def test_own_addresses_are_never_loopback() -> None:
    assert not {"127.0.0.1", "::1"} & set(own_addresses())
