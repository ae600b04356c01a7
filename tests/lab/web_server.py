"""One web service of the lab: listens, speaks TLS and HTTP, behaves as its mode says."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.answers import answer, encode
from tests.lab.certs import KINDS
from tests.lab.modes import Mode
from tests.lab.plan import Role, Site, nodes

PATIENCE_S = 60.0
SILENCE_S = 600.0
TRICKLE_S = 0.5
LIMIT = 65536
FIRST_EXIT = nodes(Role.EXIT)[0].address


class WebServer:
    """A service with its listeners; mode may change at any time, down closes the listeners."""

    def __init__(self, site: Site, certificates: Path | None, resolvers: Callable[[str], list[str]]) -> None:
        self.seen: list[dict[str, str]] = []
        self._site = site
        self._mode = Mode()
        self._resolvers = resolvers
        self._listeners: list[socket.socket] = []
        self._contexts = {
            kind: _context(certificates / f"{site.name}-{kind}.pem") for kind in KINDS if certificates
        }

    def set(self, mode: Mode) -> None:
        """Behave in this way from now on."""
        self._mode = mode
        if mode.name == "down":
            self._close()
        elif not self._listeners:
            self._open()

    def _open(self) -> None:
        for family, address in ((socket.AF_INET, self._site.address), (socket.AF_INET6, self._site.address6)):
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, self._site.port))
            listener.listen(64)
            self._listeners.append(listener)
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _close(self) -> None:
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._listeners.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._guard, args=(connection, peer[0]), daemon=True).start()

    def _guard(self, connection: socket.socket, source: str) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(PATIENCE_S)
            self._serve(connection, source)

    def _serve(self, plain: socket.socket, source: str) -> None:
        mode = self._mode
        if mode.name == "silent":
            self._note(source, "", mode)
            time.sleep(SILENCE_S)
            return
        with self._wrap(plain, source, mode) as connection:
            path = _request(connection)
            self._note(source, path, mode)
            wrong = int(mode.argument) if mode.name == "wrong_date" else 0
            given = answer(self._site.name, mode, source, path, self._resolvers(path.rsplit("/", 1)[-1]))
            for part in encode(given, time.time() + wrong):
                _send(connection, part, mode.name == "trickle")

    def _wrap(self, plain: socket.socket, source: str, mode: Mode) -> socket.socket:
        if not self._contexts:
            return plain
        kind = mode.name if mode.name in self._contexts else "ok"
        if kind == "key_per_exit" and source != (mode.argument or FIRST_EXIT):
            kind = "ok"
        return self._contexts[kind].wrap_socket(plain, server_side=True)

    def _note(self, source: str, path: str, mode: Mode) -> None:
        self.seen.append({"service": self._site.name, "source": source, "path": path, "mode": mode.name})


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _request(connection: socket.socket) -> str:
    """Read one request, its body too, and return its path."""
    text = b""
    while b"\r\n\r\n" not in text and len(text) < LIMIT:
        part = connection.recv(4096)
        if not part:
            raise ValueError("no request")
        text += part
    head, _, body = text.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            left = int(value) - len(body)
            while left > 0 and (part := connection.recv(min(left, LIMIT))):
                left -= len(part)
    return lines[0].split(" ")[1] if lines[0].count(" ") >= 2 else "/"


def _send(connection: socket.socket, part: bytes, slowly: bool) -> None:
    if not slowly:
        connection.sendall(part)
        return
    for byte in part:
        connection.sendall(bytes((byte,)))
        time.sleep(TRICKLE_S)
