"""A SOCKS5 proxy on loopback that sends every name to one local server, or refuses with a code."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy(socketserver.ThreadingTCPServer):
    """target: where every stream goes; refuse: the reply code instead (RFC 1928, section 6)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: tuple[str, int], refuse: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.refuse = refuse
        self.asked: list[tuple[str, int]] = []
        self.users: list[str] = []

    @property
    def address(self) -> str:
        """ "host:port"."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.BaseRequestHandler):
    server: Proxy

    def _take(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            piece = self.request.recv(count - len(got))
            if not piece:
                raise ConnectionError
            got += piece
        return got

    def handle(self) -> None:
        self._take(self._take(2)[1])
        self.request.sendall(b"\x05\x02")
        self._take(1)
        self.server.users.append(self._take(self._take(1)[0]).decode())
        self._take(self._take(1)[0])
        self.request.sendall(b"\x01\x00")
        kind = self._take(4)[3]
        host = socket.inet_ntoa(self._take(4)) if kind == 1 else self._take(self._take(1)[0]).decode()
        self.server.asked.append((host, int.from_bytes(self._take(2))))
        self.request.sendall(bytes([5, self.server.refuse, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not self.server.refuse:
            with socket.create_connection(self.server.target) as far:
                back = threading.Thread(target=_pump, args=(far, self.request), daemon=True)
                back.start()
                _pump(self.request, far)


def _pump(one: socket.socket, other: socket.socket) -> None:
    try:
        while piece := one.recv(65536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@contextmanager
def proxy(target: tuple[str, int], refuse: int = 0) -> Iterator[Proxy]:
    """A running proxy."""
    with Proxy(target, refuse) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
